// Set-up on a machine that has Node 20 and npm: installs the packages once, and with `--tests` what the tests need.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fail, filesUnder, hashFiles, isDone, markDone, root, run, runOrFail, say, seconds } from './shell.mjs';

/** The oldest Node that every dependency runs on. */
const NEEDED = [22, 19];

function manifests() {
  const rooms = ['apps', 'libs', 'test'].flatMap((folder) =>
    filesUnder(folder, (path) => path.endsWith('package.json')),
  );
  return ['package.json', 'package-lock.json', ...rooms];
}

async function install() {
  const hash = hashFiles(manifests());
  if (isDone('install', hash) && existsSync(join(root, 'node_modules', '.bin', 'tsc'))) return;
  const start = Date.now();
  say('Installing packages (npm install; once, some 400 packages; a few minutes when nothing is cached) ...');
  // Not `npm ci`: it refuses a lock that leaves out the binaries of platforms the registry at hand does not carry.
  await runOrFail('npm install', 'npm', ['install', '--no-audit', '--no-fund', '--loglevel=error']);
  markDone('install', hashFiles(manifests()));
  say(`Packages are installed (${seconds(start)}).`);
}

async function checkNode() {
  const { output } = await run('node', ['--version'], { quiet: true });
  const [major = 0, minor = 0] = output.trim().replace(/^v/, '').split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
  fail(
    `knot runs on Node ${NEEDED.join('.')} or later; this machine has ${output.trim()}, and no package with a newer one ` +
      `was installed for ${process.platform}-${process.arch}. Install Node 24, or remove node_modules and run this again.`,
  );
}

if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node 20 or later is needed; this is ${process.version}.`);
await install();
await checkNode();
if (process.argv.includes('--tests')) {
  await runOrFail('Getting the real parts of the tests', 'node', ['test/tools/get.mjs']);
}
