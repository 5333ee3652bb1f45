import { systemContext } from './command-context.js';
import { groupsFor } from './groups.js';
import { start } from './start.js';

await start(systemContext(), groupsFor(process.argv.slice(2)));
