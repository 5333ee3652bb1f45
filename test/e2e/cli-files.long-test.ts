import { execFile } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { Desk, spaceWithAgent } from '../tools/ssh.js';

const run = promisify(execFile);
const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const LINUX = `knot_linux_${process.arch === 'arm64' ? 'arm64' : 'amd64'}.zip`;
/** What Node looks for in its own file, and what stands behind it once something was put in. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:';

let origin: Origin;
const desk = new Desk();

beforeAll(async () => {
  await run('node', [join(checkout, 'tools/build-cli.mjs')], { timeout: 850_000 });
  origin = await startOrigin();
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
  };
  await startLeaf(origin, { location: 'lon', local: true, config });
  await locationReady(origin, 'lon', 'local');
  await spaceWithAgent(origin, 'work', 'lon');
}, 900_000);

/** Fetches one as the guide says, and gives the folder that it was unzipped in. */
async function fetched(name: string): Promise<string> {
  const folder = freshFolder('fetched');
  const from = `${origin.url}/download/${name}`;
  const script = `set -e; curl -fsSO ${from}; curl -fsS ${from}.sha256 | sha256sum --check; unzip -q ${name}; rm ${name}`;
  await run('sh', ['-c', script], { cwd: folder });
  return folder;
}

describe('the command line for Linux', () => {
  it('signs in, lists spaces, and is what ssh goes through, as one file', async () => {
    const knot = join(await fetched(LINUX), 'knot');
    const { username, password } = ADMINISTRATOR;
    await desk.must(desk.run(knot, ['connect', origin.url, '--username', username], `${password}\n`));
    expect(await desk.must(desk.run(knot, ['spaces', 'list']))).toMatch(/work +.*Running/);
    await desk.must(desk.run(knot, ['ssh-config', 'update']));
    // ssh finds no other knot and no Node
    expect(readFileSync(join(desk.home, '.ssh', 'knot_hosts'), 'utf8')).toContain(`ProxyCommand ${knot} forward ssh`);
    expect(await desk.ssh(['knot.work', 'cat; exit 3'], 'through')).toMatchObject({ code: 3, stdout: 'through' });
    expect(await desk.run(knot, ['run', 'work', '--', 'echo', 'ran'])).toMatchObject({ code: 0, stdout: 'ran\n' });
    const server = await desk.run(knot, ['server', '--config', 'x.yaml']);
    expect(server).toMatchObject({ code: 2, stderr: expect.stringContaining('the command line alone') });
  });
});

interface Form {
  /** At its start, hex. */
  readonly magic: string;
  /** Where the machine that it is for is told, and how. */
  readonly machine: readonly [at: (head: Buffer) => number, value: number];
  readonly program: string;
}

const ELF = { magic: '7f454c46', program: 'knot' };
const MACH_O = { magic: 'cffaedfe', program: 'knot' };
const behindPeHead = (head: Buffer): number => head.readUInt32LE(0x3c) + 4;
const FORMS: readonly (readonly [string, Form])[] = [
  ['linux_amd64', { ...ELF, machine: [() => 18, 62] }],
  ['linux_arm64', { ...ELF, machine: [() => 18, 183] }],
  ['darwin_amd64', { ...MACH_O, machine: [() => 4, 0x01000007 & 0xffff] }],
  ['darwin_arm64', { ...MACH_O, machine: [() => 4, 0x0100000c & 0xffff] }],
  ['windows_amd64', { magic: '4d5a', program: 'knot.exe', machine: [behindPeHead, 0x8664] }],
  ['windows_arm64', { magic: '4d5a', program: 'knot.exe', machine: [behindPeHead, 0xaa64] }],
];

describe('the command line', () => {
  it.each(FORMS)('for %s is a program of that system and machine with the bundle in it', async (system, form) => {
    const folder = await fetched(`knot_${system}.zip`);
    expect(readdirSync(folder)).toEqual([form.program]);
    const path = join(folder, form.program);
    expect(statSync(path).mode & 0o111).toBe(0o111);
    const file = openSync(path, 'r');
    const bytes = Buffer.alloc(statSync(path).size);
    readSync(file, bytes, 0, bytes.length, 0);
    closeSync(file);
    expect(bytes.toString('hex', 0, form.magic.length / 2)).toBe(form.magic);
    const [at, value] = form.machine;
    expect(bytes.readUInt16LE(at(bytes))).toBe(value);
    const fuse = bytes.indexOf(FUSE);
    expect(bytes.toString('latin1', fuse + FUSE.length, fuse + FUSE.length + 1)).toBe('1');
    expect(bytes.includes('this file is the command line alone')).toBe(true);
    if (system.startsWith('windows')) expect(bytes.includes(Buffer.from('NODE_SEA_BLOB', 'utf16le'))).toBe(true);
    else expect(bytes.includes('NODE_SEA')).toBe(true);
  });
});
