// What the scripts of this folder share: where the checkout is, how to run a command, how to remember what is done.
// Plain JavaScript without dependencies: setup.mjs runs before anything is installed, on Node 20.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const binaries = join(root, 'node_modules', '.bin');
const stamps = join(root, 'node_modules', '.cache', 'knot');

export function say(text) {
  process.stdout.write(`[knot] ${text}\n`);
}

/** Ends the script with a sentence for the reader. */
export function fail(text) {
  process.stderr.write(`[knot] ${text}\n`);
  process.exit(1);
}

/** The environment in which Node 24 and the tools of node_modules are found first. */
export function toolEnv(extra = {}) {
  return { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}`, ...extra };
}

/** Runs a command in the checkout with its output shown (or collected, with `quiet`). Resolves with exit code and text. */
export function run(command, args, { cwd = root, env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: toolEnv(env),
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.on('close', (code, signal) => resolve({ code: code ?? 1, signal, output }));
  });
}

export async function runOrFail(what, command, args, options) {
  const result = await run(command, args, options);
  if (result.code === 0) return result;
  if (result.output) process.stderr.write(result.output);
  fail(`${what} failed (exit code ${result.code}).`);
}

/** All files under a folder (relative to the checkout) that `accept` takes, sorted; none if there is no such folder. */
export function filesUnder(folder, accept) {
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  const found = [];
  for (const entry of readdirSync(start, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' && entry.name !== 'dist') found.push(...filesUnder(path, accept));
    } else if (accept(path)) found.push(path);
  }
  return found.sort();
}

export function hashFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

/** Whether the step was last done with this hash. The memory lies in node_modules: a clean checkout has none. */
export function isDone(step, hash) {
  const stamp = join(stamps, step);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;
}

export function markDone(step, hash) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, step), hash);
}

export function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
