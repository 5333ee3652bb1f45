// Makes the agent for images: `knot-agent.cjs` with `pty.node` where an image has Node, and for Linux on amd64 and arm64 one
// self-contained file in a zip, which an origin serves at /agents/. What is up to date is left alone. `npm start` runs this.
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { filesUnder, hashFiles, isDone, markDone, root, run, say, seconds } from './shell.mjs';
import { zipProgram } from './zip.mjs';

/** As the names of the zips have it, and as npm's packages do. */
const MACHINES = { amd64: 'x64', arm64: 'arm64' };
/** What Node looks for in its own file to find that it is one program with something. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

const built = join(root, 'apps', 'agent', 'dist', 'images');
const fetched = join(root, 'node_modules', '.cache', 'knot', 'packages');

const { optionalDependencies } = readJson(join(root, 'package.json'));
const { optionalDependencies: terminals } = readJson(join(root, 'node_modules/@lydell/node-pty/package.json'));

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

async function mustRun(command, args, options) {
  const { code, output } = await run(command, args, { quiet: true, ...options });
  if (code !== 0) throw new Error(`${command} ${args[0]} failed:\n${output}`);
}

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
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'knot-agent.cjs', codeSplitting: false } },
    },
    resolve: { conditions: ['knot-src'] },
  });
}

/** Where a file of an npm package is: of the installed one, else, as it is for another machine, of one that npm fetches. */
async function fileOfPackage(name, version, path) {
  const installed = join(root, 'node_modules', name, path);
  if (existsSync(installed)) return installed;
  const folder = join(fetched, `${name.replace('/', '-')}-${version}`);
  if (!existsSync(join(folder, path))) {
    mkdirSync(folder, { recursive: true });
    const { code, output } = await run('npm', ['pack', '--silent', `${name}@${version}`], { cwd: folder, quiet: true });
    if (code !== 0) throw new Error(`npm has no ${name} ${version}: ${output}`);
    await mustRun('tar', ['xzf', output.trim().split('\n').at(-1), '--strip-components=1'], { cwd: folder });
  }
  return join(folder, path);
}

/** Node with the bundle and the terminal's binary in it. */
async function makeProgram(cpu, program) {
  const [node, pty] = [`node-linux-${cpu}`, `@lydell/node-pty-linux-${cpu}`];
  const ptyFile = await fileOfPackage(pty, terminals[pty], 'pty.node');
  const config = {
    main: join(built, 'knot-agent.cjs'),
    output: `${program}.blob`,
    disableExperimentalSEAWarning: true,
    // both would be of this machine
    useSnapshot: false,
    useCodeCache: false,
    assets: { 'pty.node': ptyFile },
  };
  writeFileSync(`${program}.json`, JSON.stringify(config));
  await mustRun('node', ['--experimental-sea-config', `${program}.json`]);
  copyFileSync(await fileOfPackage(node, optionalDependencies[node], 'bin/node'), program);
  await mustRun('postject', [program, 'NODE_SEA_BLOB', `${program}.blob`, '--sentinel-fuse', FUSE]);
  for (const left of ['json', 'blob']) rmSync(`${program}.${left}`);
}

async function sha256(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function zipOf(machine) {
  return join(built, `knot_agent_linux_${machine}.zip`);
}

async function makeZip(machine, hash) {
  const zip = zipOf(machine);
  const program = join(built, `knot-agent-${machine}`);
  try {
    await makeProgram(MACHINES[machine], program);
    await zipProgram(program, 'knot-agent', `${zip}.new`);
    // an origin that runs serves the digest with the file
    writeFileSync(`${zip}.sha256`, `${await sha256(`${zip}.new`)}  ${basename(zip)}\n`);
    renameSync(`${zip}.new`, zip);
    markDone(`agent-${machine}`, hash);
  } catch (error) {
    say(`No agent for Linux on ${machine}: ${error.message}`);
  } finally {
    for (const left of [program, `${zip}.new`]) rmSync(left, { force: true });
  }
}

/** Throws an Error with what the bundler says; a machine whose packages npm does not have is said and left out. */
export async function buildAgent() {
  const isSource = (path) => !/test\.ts$/.test(path);
  const sources = ['apps/agent', 'libs/contract', 'libs/link', 'libs/shared'].flatMap((room) =>
    filesUnder(`${room}/src`, isSource),
  );
  const makers = ['tools/build-agent.mjs', 'tools/agent-native.cjs', 'tools/agent-pty.cjs', 'tools/zip.mjs'];
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
