// `npm start`: an origin and a leaf of one cluster on this machine, as two processes from two knot.yaml files. What it makes
// stays under .knot/ (or KNOT_START_FOLDER), so that the next start goes on with the same data.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from './build.mjs';
import { fail, root, say, toolEnv } from './shell.mjs';

const folder = process.env.KNOT_START_FOLDER ?? join(root, '.knot');
const nomadAddress = process.env.NOMAD_ADDR ?? 'http://127.0.0.1:4646';

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function freePort(from) {
  for (let port = from; port < from + 100; port += 1) if (await isFree(port)) return port;
  return fail(`No free port between ${from} and ${from + 99}.`);
}

function randomText(bytes) {
  return randomBytes(bytes).toString('base64url');
}

async function nomadAnswers() {
  try {
    const response = await fetch(new URL('/v1/status/leader', nomadAddress), { signal: AbortSignal.timeout(1_500) });
    return response.status < 500;
  } catch {
    return false;
  }
}

function originConfig(port, token) {
  return `# The origin of the cluster that npm start runs. \`knot config check\` says whether it is right.
server:
  listen: http://127.0.0.1:${port}
  url: http://127.0.0.1:${port}
  location: origin
  shared_token: ${token}
  encrypt: ${randomText(24)}
  data_path: ./data/
`;
}

function leafConfig(port, agentPort, originPort, token) {
  return `# The leaf of the cluster that npm start runs: one location, on this machine.
server:
  listen: http://127.0.0.1:${port}
  listen_agent: 127.0.0.1:${agentPort}   # agents of spaces: terminal, SSH, ports
  location: here
  shared_token: ${token}
  origin_server: http://127.0.0.1:${originPort}
  data_path: ./data/
  local:
    enabled: true        # spaces as processes of this machine
    path: ./spaces/
  # A Nomad that answers at NOMAD_ADDR or 127.0.0.1:4646 is used as well: npm start passes it on.
`;
}

/** Writes both files once; afterwards they are their reader's. */
async function configure() {
  const files = { origin: join(folder, 'origin', 'knot.yaml'), leaf: join(folder, 'leaf', 'knot.yaml') };
  if (!existsSync(files.origin) || !existsSync(files.leaf)) {
    const [originPort, token] = [await freePort(3000), randomText(32)];
    const leafPort = await freePort(originPort + 1);
    for (const file of Object.values(files)) mkdirSync(join(file, '..'), { recursive: true, mode: 0o700 });
    writeFileSync(files.origin, originConfig(originPort, token), { mode: 0o600 });
    writeFileSync(files.leaf, leafConfig(leafPort, await freePort(leafPort + 1), originPort, token), { mode: 0o600 });
  }
  return files;
}

function urlOf(file) {
  return /^ {2}listen: *["']?(\S+?)["']? *$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? fail(`${file} names no listen.`);
}

/** Else what answers there would be taken for ours. */
async function checkFree(url) {
  if (await isFree(Number(new URL(url).port))) return;
  fail(
    `Something listens at ${url} already: another npm start perhaps. Stop it, or name another folder, which gets other ` +
      'ports: KNOT_START_FOLDER=/some/folder npm start.',
  );
}

/** What the leaf is told of the Nomad that answers; the token is the shell's own. */
function nomadEnv() {
  const { NOMAD_TOKEN: token } = process.env;
  return { KNOT_NOMAD_ADDR: nomadAddress, ...(token && { KNOT_NOMAD_TOKEN: token }) };
}

/** Runs one server; its log goes to a file beside its knot.yaml, and what a person must see to the screen. */
function startServer(name, file, env) {
  const child = spawn('node', [join(root, 'apps/cli/bin/knot.mjs'), 'server', '--config', file], {
    env: toolEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C reaches this script alone, which then stops both in order.
    detached: true,
  });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > 200) lines.shift();
      writeFileSync(join(file, '..', 'server.log'), `${line}\n`, { flag: 'a' });
    });
  }
  const exited = new Promise((resolve) => child.once('exit', resolve));
  void exited.then(() => {
    if (!stopping) void stop(`The ${name} ended. Its last lines:\n${lines.slice(-15).join('\n')}`, 1);
  });
  return { name, child, lines, exited };
}

async function waitFor(server, url) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (stopping) return;
    const answered = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop(`The ${server.name} does not answer at ${url}. Its last lines:\n${server.lines.slice(-15).join('\n')}`, 1);
}

/** The agent that images and the template hello fetch takes a minute: beside the servers, which serve it once it is there. */
function makeAgent() {
  return spawn('nice', ['-n', '10', 'node', join(root, 'tools', 'build-agent.mjs')], {
    env: toolEnv(),
    stdio: 'inherit',
  }).on('error', (error) => say(`The agent for images is not made: ${error.message}`));
}

const servers = [];
let agentMaker;
let stopping = false;

async function stop(sentence, code) {
  if (stopping) return;
  stopping = true;
  say(sentence);
  agentMaker?.kill('SIGTERM');
  for (const { child, exited } of servers.reverse()) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await exited;
      clearTimeout(timer);
    }
  }
  process.exit(code);
}

const goodbye = `Stopping the origin and the leaf. Spaces that run stay running; the next npm start finds them again.
       To stop them: npm start, then the Stop button of each, or: npx knot spaces stop <name>.`;

// SIGHUP: the terminal was closed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(goodbye, 0));

await build().catch((error) => fail(error.message));
const files = await configure();
const hasNomad = await nomadAnswers();
const [originUrl, leafUrl] = [urlOf(files.origin), urlOf(files.leaf)];
for (const url of [originUrl, leafUrl]) await checkFree(url);

const origin = startServer('origin', files.origin, {});
servers.push(origin);
await waitFor(origin, `${originUrl}/readyz`);
const leaf = startServer('leaf', files.leaf, hasNomad ? nomadEnv() : {});
servers.push(leaf);
await waitFor(leaf, `${leafUrl}/readyz`);

if (!stopping) {
  const { needed } = await fetch(`${originUrl}/api/v1/setup`).then((response) => response.json());
  const code = origin.lines.map((line) => /with the code ([A-Za-z0-9_-]+)/.exec(line)?.[1]).find(Boolean);
  say('');
  say(`knot runs: ${originUrl}`);
  if (needed) say(`Set-up code for the first administrator: ${code ?? `see ${join(folder, 'origin', 'server.log')}`}`);
  say(`Origin: ${files.origin}   log: server.log beside it`);
  say(`Leaf:   ${files.leaf}   location "here", platforms: local${hasNomad ? `, nomad (${nomadAddress})` : ''}`);
  if (!hasNomad) say(`No Nomad answers at ${nomadAddress}; start one and run npm start again to use it.`);
  say('Ctrl-C stops both and leaves spaces running.');
  if (process.platform === 'linux') agentMaker = makeAgent();
}
