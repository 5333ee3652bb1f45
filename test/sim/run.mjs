// `npm run sim -- --seeds N --from S`: searches seeds for a history that breaks an invariant.
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { run } from '../../tools/shell.mjs';
import { buildSim } from './build-sim.ts';

const bundle = await buildSim();
const { code } = await run(process.execPath, [bundle, ...process.argv.slice(2)]);
rmSync(dirname(bundle), { recursive: true, force: true });
process.exitCode = code;
