// `npm run bench`: builds what is measured, gets the real parts, then runs bench.ts. Every option after `--` is passed on:
//   npm run bench -- latency burst idle --rounds 5
// Vite turns the TypeScript of test/ into what Node runs, as it does for the tests.
import { join } from 'node:path';
import { runnerImport } from 'vite';
import { build } from '../../tools/build.mjs';
import { fail, root, runOrFail } from '../../tools/shell.mjs';

if (!process.argv.includes('--no-build')) await build().catch((error) => fail(error.message));
await runOrFail('getting the real parts', 'node', [join(root, 'test/tools/get.mjs')]);
await runnerImport(join(root, 'test/bench/bench.ts'), { root, configFile: false });
process.exit();
