import { afterAll } from 'vitest';
import { endProcesses } from './processes.js';

// Whatever a test file starts ends with the file, also when a test of it fails.
afterAll(endProcesses);
