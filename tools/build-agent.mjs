// Makes the agent for images: `knot-agent.cjs` with `pty.node` where an image has Node, and for Linux on amd64 and arm64 one
// self-contained file in a zip, which an origin serves at /agents/. What is up to date is left alone. `npm start` runs this.
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, hashFiles, isDone, markDone, root, say, seconds } from './shell.mjs';
import { fileOfPackage, makeProgram, readJson, zipWithDigest } from './single-program.mjs';

/** As the names of the zips have it, and as npm's packages do. */
const MACHINES = { amd64: 'x64', arm64: 'arm64' };

const built = join(root, 'apps', 'agent', 'dist', 'images');

const { optionalDependencies } = readJson(join(root, 'package.json'));
const { optionalDependencies: terminals } = readJson(join(root, 'node_modules/@lydell/node-pty/package.json'));

/**
 * Before anything of Node's is read: V8 would compile some of that while it comes up, and the compilers are 2 MB in memory. The
 * agent's own `memory.ts` takes it from here.
 */
const SMALL = ['--semi-space-growth-factor=1', '--optimize-for-size', '--no-opt', '--no-maglev'];
const FIRST = `for (const flag of ${JSON.stringify(SMALL)}) require('node:v8').setFlagsFromString(flag);`;

/** One file of ours and everything it imports, for whatever Node 24 is at hand. */
async function bundle() {
  const { build } = await import('vite');
  const natives = {
    name: 'natives',
    enforce: 'pre',
    resolveId: (source) => {
      if (source === './requireBinary') return join(root, 'tools/agent-pty.cjs');
      return /^cpu-features$|sshcrypto\.node$/.test(source) ? join(root, 'tools/agent-native.cjs') : null;
    },
  };
  await build({
    configFile: false,
    logLevel: 'warn',
    root: join(root, 'apps/agent'),
    plugins: [natives],
    ssr: { noExternal: true },
    build: {
      ssr: 'src/main.ts',
      outDir: built,
      emptyOutDir: false,
      target: 'node24',
      rolldownOptions: {
        output: { format: 'cjs', entryFileNames: 'knot-agent.cjs', codeSplitting: false, banner: FIRST },
      },
    },
    resolve: { conditions: ['knot-src'] },
  });
}

/** Node with the bundle and the terminal's binary in it. */
async function makeAgent(cpu, program) {
  const [node, pty] = [`node-linux-${cpu}`, `@lydell/node-pty-linux-${cpu}`];
  await makeProgram({
    bundle: join(built, 'knot-agent.cjs'),
    assets: { 'pty.node': await fileOfPackage(pty, terminals[pty], 'pty.node') },
    node: await fileOfPackage(node, optionalDependencies[node], 'bin/node'),
    maker: 'node',
    program,
  });
}

function zipOf(machine) {
  return join(built, `knot_agent_linux_${machine}.zip`);
}

async function makeZip(machine, hash) {
  const zip = zipOf(machine);
  const program = join(built, `knot-agent-${machine}`);
  try {
    await makeAgent(MACHINES[machine], program);
    await zipWithDigest(program, 'knot-agent', zip);
    markDone(`agent-${machine}`, hash);
  } catch (error) {
    say(`No agent for Linux on ${machine}: ${error.message}`);
  } finally {
    rmSync(program, { force: true });
  }
}

/** Throws an Error with what the bundler says; a machine whose packages npm does not have is said and left out. */
export async function buildAgent() {
  const isSource = (path) => !/test\.ts$/.test(path);
  const sources = ['apps/agent', 'libs/contract', 'libs/link', 'libs/shared'].flatMap((room) =>
    filesUnder(`${room}/src`, isSource),
  );
  const makers = [
    'tools/build-agent.mjs',
    'tools/agent-native.cjs',
    'tools/agent-pty.cjs',
    'tools/single-program.mjs',
    'tools/zip.mjs',
  ];
  const hash = hashFiles(['package-lock.json', ...makers, ...sources]);
  const due = Object.keys(MACHINES).filter(
    (machine) => !isDone(`agent-${machine}`, hash) || !existsSync(zipOf(machine)),
  );
  if (due.length === 0) return;
  const start = Date.now();
  say('Making the agent for images (a minute; its packages for arm64 are fetched once) ...');
  mkdirSync(built, { recursive: true });
  await bundle();
  const { arch } = process;
  const own = `@lydell/node-pty-linux-${arch}`;
  if (terminals[own]) copyFileSync(await fileOfPackage(own, terminals[own], 'pty.node'), join(built, 'pty.node'));
  for (const machine of due) await makeZip(machine, hash);
  say(`The agent is made (${seconds(start)}).`);
}

if (process.argv[1] === join(root, 'tools', 'build-agent.mjs')) {
  await buildAgent().catch((error) => {
    say(error.message);
    process.exit(1);
  });
}
