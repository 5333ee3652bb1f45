export { startOrigin, type Origin, type StartOriginOptions } from './start-origin.js';
