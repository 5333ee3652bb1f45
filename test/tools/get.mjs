// Gets the real parts the tests run against, pinned, into a cache outside the checkout; what is there is left alone.
// Plain JavaScript without dependencies. `parts.json` says what; what is built from the Go module proxy has its go.mod and
// go.sum under `go-parts/`, and its source where it is our own (change its version with it). Parts that only long tests and
// benchmarks need are got when they are named: `node test/tools/get.mjs kwok`.
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const parts = JSON.parse(readFileSync(join(here, 'parts.json'), 'utf8'));
const cache = process.env.KNOT_TOOLS_CACHE || join(homedir(), '.cache', 'knot-tools');
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function say(text) {
  process.stdout.write(`[parts] ${text}\n`);
}

/** Runs a command; rejects with the end of what it printed. A line every 30 s says that it still works. */
function run(what, command, args, options = {}) {
  const start = Date.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    const keep = (chunk) => (output = (output + chunk).slice(-20_000));
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const tick = setInterval(() => {
      const last = output.trimEnd().split('\n').at(-1) ?? '';
      say(`${what}: ${Math.round((Date.now() - start) / 1000)} s ... ${last.slice(0, 100)}`);
    }, 30_000);
    child.on(
      'error',
      (error) => (clearInterval(tick), reject(new Error(`${command} cannot be started: ${error.message}`))),
    );
    child.on('close', (code) => {
      clearInterval(tick);
      if (code === 0) resolve(output);
      else reject(new Error(`${what} failed (exit code ${code}):\n${output.slice(-3_000)}`));
    });
  });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs `work` while holding a lock file of the cache; waits for another run's lock, takes over one whose owner is dead. */
async function locked(name, work) {
  const lock = join(cache, `${name}.lock`);
  for (let round = 0; ; round += 1) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
    const fresh = existsSync(lock) && Date.now() - statSync(lock).mtimeMs < 5_000; // may be written to right now
    if (!fresh && !(owner > 0 && isAlive(owner))) rmSync(lock, { force: true });
    else if (round % 30 === 0) say(`${name}: another run (process ${owner}) is getting it; waiting ...`);
    await sleep(1_000);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Whether every program and file of a Go part lies in the cache. */
function isThere(folder, { programs, files = {} }) {
  return Object.keys({ ...programs, ...files }).every((name) => existsSync(join(folder, name)));
}

/** Files as they lie in a module, `<module> <path>`. */
async function copyModuleFiles(files, folder, target) {
  const modules = new Set(Object.values(files).map((place) => place.split(' ')[0]));
  for (const name of modules) await run(`getting ${name}`, 'go', ['mod', 'download', name], { cwd: folder });
  for (const [file, place] of Object.entries(files)) {
    const [name, path] = place.split(' ');
    const output = await run(`looking for ${name}`, 'go', ['list', '-mod=mod', '-m', '-f', '{{.Dir}}', name], {
      cwd: folder,
    });
    copyFileSync(join(output.trim(), path), join(target, file));
  }
}

async function buildGoPart(
  name,
  { version, minutes, tags, ldflags = [], source: given, programs, files = {} },
  target,
) {
  const folder = join(cache, 'build', `${name}-${version}`);
  mkdirSync(folder, { recursive: true });
  const source = join(here, given ?? join('go-parts', name));
  for (const file of readdirSync(source)) copyFileSync(join(source, file), join(folder, file));
  say(
    `Building ${name} ${version} from source (once; about ${minutes} minutes on two cores when nothing is cached) ...`,
  );
  const part = `${target}.part`;
  mkdirSync(part, { recursive: true });
  const flags = ['-mod=mod', ...(tags ? ['-tags', tags] : []), `-ldflags=${['-s', '-w', ...ldflags].join(' ')}`];
  const env = { ...process.env, ...(tags ? {} : { CGO_ENABLED: '0' }) };
  for (const [program, path] of Object.entries(programs)) {
    const args = ['build', ...flags, '-o', join(part, program), path];
    await run(`${program} ${version}`, 'go', args, { cwd: folder, env });
  }
  await copyModuleFiles(files, folder, part);
  renameSync(part, target); // whole or not there
}

async function getGoPart(name, part) {
  const target = join(cache, `${name}-${part.version}`);
  if (isThere(target, part)) return;
  await run('go version', 'go', ['version']).catch(() => {
    throw new Error(
      `${name} is built from source for the tests, and there is no Go. Install Go 1.26 or later, or put ${Object.keys(part.programs).join(', ')} ${part.version} into ${target}.`,
    );
  });
  await locked(name, async () => {
    if (isThere(target, part)) return;
    rmSync(target, { recursive: true, force: true });
    await buildGoPart(name, part, target);
  });
  say(`${name} ${part.version} is at ${target}.`);
}

async function getDebianPackages() {
  const missing = Object.entries(parts.debian).filter(([, file]) => !existsSync(file));
  if (missing.length === 0) return;
  const names = missing.map(([name]) => name);
  if (!existsSync('/usr/bin/apt-get') || process.getuid?.() !== 0) {
    throw new Error(
      `The tests need the Debian packages ${names.join(', ')}. Install them (apt-get install ${names.join(' ')}) and run this again.`,
    );
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  say(`Installing Debian packages: ${names.join(', ')} ...`);
  await locked('debian', async () => {
    await run('apt-get update', 'apt-get', ['update', '-q'], { env });
    await run('apt-get install', 'apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], { env });
  });
  const absent = missing.filter(([, file]) => !existsSync(file)).map(([name, file]) => `${name} (${file})`);
  if (absent.length > 0)
    throw new Error(`apt-get installed ${names.join(', ')}, but there is still no ${absent.join(', ')}.`);
}

try {
  mkdirSync(cache, { recursive: true });
  await getDebianPackages();
  const named = process.argv.slice(2);
  for (const [name, part] of Object.entries(parts.go)) {
    if (!part.onDemand || named.includes(name)) await getGoPart(name, part);
  }
} catch (error) {
  process.stderr.write(`[parts] ${error.message}\n`);
  process.exit(1);
}
