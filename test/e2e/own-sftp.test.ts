import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSshHostKey } from '../../apps/agent/src/ssh/host-key.js';
import { SshConnection } from '../../apps/agent/src/ssh/ssh-connection.js';
import { freshFolder } from '../tools/processes.js';
import { sha256Of, type Ran } from '../tools/ssh.js';

const MIB = 1024 * 1024;
const home = freshFolder('own-sftp');
const here = join(home, 'here');
const there = join(home, 'there');
let server: Server;
let ways: string[];

/** As in a space whose image has no `sftp-server`, with the stock clients. */
beforeAll(async () => {
  for (const folder of [here, there]) mkdirSync(folder);
  const options = { proof: 'ticket', keys: () => [], sftpProgram: null } as const;
  const hostKey = openSshHostKey(randomBytes(32));
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    new SshConnection(socket, { ...options, hostKey });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const unchecked = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
  ways = ['-F', '/dev/null', ...unchecked, '-o', 'BatchMode=yes', '-P', String(port)];
});

afterAll(() => void server.close());

function run(program: string, args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(program, [...ways, ...args], { cwd: here, timeout: 120_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

/** A batch of sftp, which ends at the first command that fails. */
function sftp(...commands: readonly string[]): Promise<Ran> {
  return run('sftp', ['-b', '-', 'me@127.0.0.1'], `cd ${there}\n${commands.join('\n')}\n`);
}

const WELL = { code: 0, stderr: '' };

describe("the agent's own server of files", () => {
  it.each(['sftp', 'scp'])('takes and gives 64 MiB without a byte changed, by %s', async (program) => {
    const file = join(here, `${program}-large`);
    writeFileSync(file, randomBytes(64 * MIB), { mode: 0o640 });
    const [target, back] = [join(there, `${program}-large`), `${file}-back`];
    if (program === 'sftp') {
      expect(await sftp(`put -p ${file}`, `get ${target} ${back}`)).toMatchObject(WELL);
    } else {
      expect(await run('scp', ['-p', file, `me@127.0.0.1:${target}`])).toMatchObject(WELL);
      expect(await run('scp', [`me@127.0.0.1:${target}`, back])).toMatchObject(WELL);
    }
    expect([await sha256Of(target), await sha256Of(back)]).toEqual(new Array(2).fill(await sha256Of(file)));
    expect(statSync(target).mode & 0o777).toBe(0o640);
    expect(Math.floor(statSync(target).mtimeMs / 1_000)).toBe(Math.floor(statSync(file).mtimeMs / 1_000));
  });

  it('does what OpenSSH asks for beside the protocol: to rename over a file, to link twice, to sync, to tell of room', async () => {
    writeFileSync(join(there, 'present'), 'old');
    writeFileSync(join(there, 'next'), 'new');
    writeFileSync(join(here, 'synced'), 'kept');
    const said = await sftp('rename next present', 'ln present twice', `put -f ${join(here, 'synced')}`, 'df');
    expect(said).toMatchObject(WELL);
    expect(readFileSync(join(there, 'present'), 'utf8')).toBe('new');
    expect(statSync(join(there, 'twice')).ino).toBe(statSync(join(there, 'present')).ino);
    expect(readFileSync(join(there, 'synced'), 'utf8')).toBe('kept');
    const [, size] = /Size.*\n\s*(\d+)/.exec(said.stdout) ?? [];
    const { blocks, bsize } = statfsSync(there);
    expect(Number(size)).toBe(Math.floor((blocks * bsize) / 1024));
    const told = await run('sftp', ['-vvv', '-b', '-', 'me@127.0.0.1'], 'pwd\n');
    expect(told.stderr).toMatch(/Server supports extension "fsync@openssh.com" revision 1/);
    expect(told.stderr).toMatch(/upload\/download buffers? .* 26\d{4}|read size 26\d{4}|limits@openssh.com/);
  });

  it('lists, makes, renames, links, changes and removes', async () => {
    writeFileSync(join(there, 'notes'), 'typed', { mode: 0o600 });
    const listed = await sftp('mkdir work', 'ls -l', 'chmod 751 notes', 'ln -s notes link', 'rename notes work/moved');
    expect(listed).toMatchObject(WELL);
    expect(listed.stdout).toMatch(/^-rw-------.* 5 .*notes$/m);
    expect(listed.stdout).toMatch(/^drwx.*work$/m);
    expect(readFileSync(join(there, 'work', 'moved'), 'utf8')).toBe('typed');
    expect(statSync(join(there, 'work', 'moved')).mode & 0o777).toBe(0o751);
    expect(readlinkSync(join(there, 'link'))).toBe('notes');
    expect(await sftp('rm work/moved', 'rmdir work', 'rm link')).toMatchObject(WELL);
    expect(['work', 'link'].map((name) => existsSync(join(there, name)))).toEqual([false, false]);
  });

  it('lists a folder of more than one answer, each name once', async () => {
    const many = join(there, 'many');
    mkdirSync(many);
    for (let n = 0; n < 250; n += 1) writeFileSync(join(many, `f${n}`), '');
    const { stdout, ...ran } = await sftp('ls -1 many');
    expect(ran).toEqual(WELL);
    const names = stdout.match(/^many\/f\d+$/gm) ?? [];
    expect(names.map((name) => name.slice('many/'.length)).sort()).toEqual(readdirSync(many).sort());
  });

  it('goes on with what was half sent, and copies folders whole', async () => {
    const file = join(here, 'half');
    writeFileSync(file, randomBytes(3 * MIB));
    writeFileSync(join(there, 'half'), readFileSync(file).subarray(0, MIB));
    expect(await sftp(`reput ${file} half`)).toMatchObject(WELL);
    expect(await sha256Of(join(there, 'half'))).toBe(await sha256Of(file));
    const tree = join(here, 'tree');
    mkdirSync(join(tree, 'deep', 'empty'), { recursive: true });
    writeFileSync(join(tree, 'deep', "a name's ü"), 'x');
    expect(await run('scp', ['-r', tree, `me@127.0.0.1:${there}`])).toMatchObject(WELL);
    expect(readdirSync(join(there, 'tree', 'deep')).sort()).toEqual(["a name's ü", 'empty']);
  });

  it('says what is missing, taken or not allowed, and goes on', async () => {
    const missing = await sftp('get no-such');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('no-such" not found');
    writeFileSync(join(there, 'one'), '1');
    writeFileSync(join(there, 'two'), '2');
    const taken = await sftp('rename -l one two');
    expect(taken.code).toBe(1);
    expect(taken.stderr).toContain('remote rename');
    // a command with a dash before it may fail
    const { code, stderr } = await sftp('-rm gone', '-mkdir one', '-rmdir gone', 'chmod 600 one');
    expect(code).toBe(0);
    expect(stderr.match(/No such file/g)).toHaveLength(2);
    expect(readFileSync(join(there, 'two'), 'utf8')).toBe('2');
    expect(await run('scp', ['me@127.0.0.1:no-such', here])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No such file'),
    });
  });
});
