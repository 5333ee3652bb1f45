// One file that holds Node and a bundle of ours: the agent for images, and the command line for people's machines.
import { createHash } from 'node:crypto';
import {
  chmodSync,
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
import { root, run } from './shell.mjs';
import { zipProgram } from './zip.mjs';

/** What Node looks for in its own file to find that it is one program with something. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const fetched = join(root, 'node_modules', '.cache', 'knot', 'packages');

export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

async function mustRun(command, args, options) {
  const { code, output } = await run(command, args, { quiet: true, ...options });
  if (code !== 0) throw new Error(`${command} ${args[0]} failed:\n${output}`);
}

/** Where a file of an npm package is: of the installed one, else, as it is for another machine, of one that npm fetches. */
export async function fileOfPackage(name, version, path) {
  const installed = join(root, 'node_modules', name);
  if (existsSync(join(installed, path)) && readJson(join(installed, 'package.json')).version === version) {
    return join(installed, path);
  }
  const folder = join(fetched, `${name.replace('/', '-')}-${version}`);
  if (!existsSync(join(folder, path))) {
    mkdirSync(folder, { recursive: true });
    const { code, output } = await run('npm', ['pack', '--silent', `${name}@${version}`], { cwd: folder, quiet: true });
    if (code !== 0) throw new Error(`npm has no ${name} ${version}: ${output}`);
    const archive = output.trim().split('\n').at(-1);
    await mustRun('tar', ['xzf', archive, '--strip-components=1'], { cwd: folder });
    rmSync(join(folder, archive));
  }
  return join(folder, path);
}

/**
 * Puts a bundle and its assets into a copy of Node, which may be another system's. What is put in is made by `maker`, a
 * Node of this machine and of the same version: the form of it changes between versions.
 */
export async function makeProgram({ bundle, assets = {}, node, maker, program, isMac = false }) {
  const config = {
    main: bundle,
    output: `${program}.blob`,
    disableExperimentalSEAWarning: true,
    // both would be of this machine
    useSnapshot: false,
    useCodeCache: false,
    assets,
  };
  try {
    writeFileSync(`${program}.json`, JSON.stringify(config));
    await mustRun(maker, ['--experimental-sea-config', `${program}.json`]);
    copyFileSync(node, program);
    chmodSync(program, 0o755);
    const segment = isMac ? ['--macho-segment-name', 'NODE_SEA'] : [];
    await mustRun('postject', [program, 'NODE_SEA_BLOB', `${program}.blob`, '--sentinel-fuse', FUSE, ...segment]);
  } finally {
    for (const left of ['json', 'blob']) rmSync(`${program}.${left}`, { force: true });
  }
}

async function sha256(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Packs a program into a zip with its digest beside it, under the name that it has there; the program goes. */
export async function zipWithDigest(program, name, zip) {
  try {
    await zipProgram(program, name, `${zip}.new`);
    // an origin that runs serves the digest with the file
    writeFileSync(`${zip}.sha256`, `${await sha256(`${zip}.new`)}  ${basename(zip)}\n`);
    renameSync(`${zip}.new`, zip);
  } finally {
    for (const left of [program, `${zip}.new`]) rmSync(left, { force: true });
  }
}
