#!/usr/bin/env node
// Starts the command line on Node 24: on this Node if it is new enough, else on the one that npm installed beside knot.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED_MAJOR = 24;
const here = dirname(realpathSync(fileURLToPath(import.meta.url)));
const compiled = join(here, '..', 'dist', 'main.js');
const bundled = join(here, '..', 'bundle', 'knot.js');
const main = isBundled() ? bundled : compiled;

/** Whether the bundle is of what was compiled last; where only programs are (an image) it is. */
function isBundled() {
  if (!existsSync(bundled)) return false;
  const made = statSync(bundled).mtimeMs;
  const rooms = ['apps', 'libs'].flatMap((part) => {
    const folder = join(here, '../../..', part);
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, 'dist', '.tsbuildinfo')) : [];
  });
  return rooms.every((stamp) => !existsSync(stamp) || statSync(stamp).mtimeMs <= made);
}

/** The Node of npm's package `node-<os>-<cpu>`, looked for in every node_modules above this file. */
function findInstalledNode() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  for (let folder = here; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', `node-${system}-${process.arch}`, 'bin', binary);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * glibc gives back only what is free at its heap's end, and a burst leaves the heap in pieces for good: blocks of 16 kB and
 * more come from the system by themselves, and all threads share one heap.
 */
const MALLOC = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '16384',
  MALLOC_MMAP_MAX_: '20000',
  MALLOC_TRIM_THRESHOLD_: '65536',
};

/** The environment in which a server starts; null where this process has it, or needs none. */
function serverEnvironment() {
  const isServer = process.platform === 'linux' && process.argv[2] === 'server';
  if (!isServer || Object.keys(MALLOC).some((name) => name in process.env)) return null;
  return { ...MALLOC, ...process.env };
}

function fail(message) {
  process.stderr.write(`knot: ${message}\n`);
  process.exitCode = 1;
}

function runOn(node) {
  const env = serverEnvironment() ?? process.env;
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit', env });
  // At a terminal Ctrl-C reaches both processes by itself; a second one would be a second wish.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/** In this process; a server's begins anew once, as the same process, since malloc reads its settings at the start. */
async function runHere() {
  const env = serverEnvironment();
  if (env === null) return void (await import(pathToFileURL(main).href));
  const args = [process.execPath, ...process.execArgv, main, ...process.argv.slice(2)];
  return process.execve(process.execPath, args, env);
}

const installed = findInstalledNode();
if (!existsSync(main)) fail('it is not built yet: run `npm run build` first');
else if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) await runHere();
else if (installed !== undefined) runOn(installed);
else fail(`Node ${NEEDED_MAJOR} is needed and this is ${process.versions.node}: install it, or run \`npm install\``);
