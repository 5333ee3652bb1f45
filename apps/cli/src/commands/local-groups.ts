import type { Register } from './client-groups.js';
import { registerCompletion } from './completion.js';
import { registerConfig } from './config.js';
import { registerKeys } from './keys.js';
import { registerScaffold } from './scaffold.js';

/** The groups that need neither a server nor the code of one. */
export const LOCAL_GROUPS: readonly Register[] = [registerConfig, registerScaffold, registerKeys, registerCompletion];
