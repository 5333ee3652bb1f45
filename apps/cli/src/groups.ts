import { registerAdmin } from './commands/admin.js';
import { registerAgent } from './commands/agent.js';
import { CLIENT_GROUPS, type Register } from './commands/client-groups.js';
import { LOCAL_GROUPS } from './commands/local-groups.js';
import { registerServer } from './commands/server.js';

/** In the order of the help. A group has a file of its own under `commands/`. */
const GROUPS: readonly Register[] = [registerServer, ...LOCAL_GROUPS, registerAdmin, registerAgent, ...CLIENT_GROUPS];

/** What the program that `args` call has, all of it unless given: a server, which runs for months, is not to hold all other commands. */
export function groupsFor([group]: readonly string[] = []): readonly Register[] {
  return group === 'server' ? [registerServer] : GROUPS;
}
