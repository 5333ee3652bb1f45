import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClientChannel } from 'ssh2';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Space } from '../tools/api-client.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder, KNOT } from '../tools/processes.js';
import { agentJoined, Desk, sha256Of, spaceWithAgent } from '../tools/ssh.js';

const MIB = 1024 * 1024;
const SOON = { timeout: 60_000, interval: 200 };

let origin: Origin;
let leaf: Leaf;
let space: Space;
/** What its template calls `app`. */
let appPort: number;
const desk = new Desk();

beforeAll(async () => {
  origin = await startOrigin();
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
  };
  leaf = await startLeaf(origin, { location: 'lon', local: true, config });
  await locationReady(origin, 'lon', 'local');
  appPort = await freePort();
  space = await spaceWithAgent(origin, 'work', 'lon', [{ port: appPort, label: 'app', protocol: 'tcp' }]);
  await desk.connect(origin);
}, 180_000);

describe('the OpenSSH client', () => {
  it('runs a command, with its output, its input, its environment and its exit code', async () => {
    const command = 'cat; echo $KNOT_SPACEID $KIND; echo oh >&2; exit 7';
    const ran = await desk.ssh(['-o', 'SetEnv=KIND=real', 'knot.work', command], 'typed');
    expect(ran).toEqual({ code: 7, stdout: `typed${space.id} real\n`, stderr: expect.stringContaining('oh\n') });
    // a program that a signal ends, ends ssh with 255
    expect((await desk.ssh(['knot.work', 'kill -TERM $$'])).code).toBe(255);
    // the agent's own secrets are none of the programs'
    expect((await desk.ssh(['knot.work', 'env'])).stdout).not.toMatch(/KNOT_JOIN_SECRET|SSH_AUTH_SOCK/);
  });

  it('has a terminal of the size it says, and all that is printed before the end', async () => {
    const { stdout, code } = await desk.ssh(['-tt', 'knot.work', 'stty size; seq 1 20000; exit 3']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^\d+ \d+\r\n1\r\n/);
    expect(stdout.endsWith('\r\n19999\r\n20000\r\n')).toBe(true);
  });

  it('copies a large file there and back without a byte changed, by scp, sftp and rsync', async () => {
    const file = desk.file('large', randomBytes(64 * MIB));
    const there = join(desk.home, 'there');
    await desk.must(desk.run('scp', ['-F', desk.config, file, `knot.work:${there}`]));
    const back = join(desk.home, 'back');
    await desk.must(desk.run('sftp', ['-F', desk.config, `knot.work:${there}`, back]));
    expect(await sha256Of(back)).toBe(await sha256Of(file));
    writeFileSync(file, 'and more', { flag: 'a' });
    const rsync = ['-e', `ssh -F ${desk.config}`, '--inplace', file, `knot.work:${there}`];
    await desk.must(desk.run('rsync', rsync));
    expect(await sha256Of(there)).toBe(await sha256Of(file));
  });

  it('carries connections both ways, many at once along one connection, as editors do', async () => {
    const body = randomBytes(MIB);
    const web = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
    await new Promise((resolve) => web.once('listening', resolve));
    const address = web.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const [local, dynamic, remote] = [await freePort(), await freePort(), await freePort()];
    const ways = ['-L', `${local}:127.0.0.1:${port}`, '-D', `${dynamic}`, '-R', `${remote}:127.0.0.1:${port}`];
    const control = ['-o', 'ControlMaster=auto', '-o', `ControlPath=${join(desk.home, 'control')}`];
    const master = desk.start('ssh', ['-F', desk.config, ...control, '-N', ...ways, 'knot.work']);
    try {
      const get = (args: readonly string[]) => desk.run('curl', ['-fsS', '--max-time', '60', ...args]);
      await eventually(
        () => get([`http://127.0.0.1:${local}`, '-o', '/dev/null']),
        ({ code }) => code === 0,
        { ...SOON, what: 'the forwarded port to answer' },
      );
      const ways = [
        [`http://127.0.0.1:${local}`],
        ['--socks5', `127.0.0.1:${dynamic}`, `http://127.0.0.1:${port}`],
        // it listens inside the space, which is this machine
        [`http://127.0.0.1:${remote}`],
      ];
      const files = ways.flatMap((way, which) =>
        [0, 1, 2, 3].map((n) => ({ way, file: join(desk.home, `${which}-${n}`) })),
      );
      const commands = [1, 2, 3, 4].map((n) => desk.ssh([...control, 'knot.work', `echo ${n}`]));
      await Promise.all(files.map(({ way, file }) => desk.must(get([...way, '-o', file]))));
      expect((await Promise.all(commands)).map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n', '4\n']);
      const sums = new Set(await Promise.all(files.map(({ file }) => sha256Of(file))));
      expect([...sums]).toEqual([await sha256Of(desk.file('body', body))]);
    } finally {
      master.kill();
      web.close();
    }
  });

  it('gets its key agent into the space only where it asks for that', async () => {
    const script = `eval $(ssh-agent) >/dev/null; ssh-add -q ${desk.identity}; ssh -F ${desk.config} -A knot.work ssh-add -l; ssh -F ${desk.config} knot.work ssh-add -l; ssh-agent -k >/dev/null`;
    const { stdout, stderr } = await desk.run('sh', ['-c', script]);
    expect(stdout).toMatch(/^256 SHA256:\S+ knot on .* \(ED25519\)\n/);
    expect(stderr).toContain('Could not open a connection to your authentication agent');
  });

  it('is refused by a space with another host key, and without a key that the server knows', async () => {
    const known = join(desk.home, 'other_hosts');
    writeFileSync(
      known,
      `knot-${space.id} ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEjXqxGQ5ON/Sa4h7/B5O3SUQlRdO6Vaf8WSFTcfrXHz\n`,
    );
    const wrong = await desk.ssh(['-o', `UserKnownHostsFile=${known}`, 'knot.work', 'true']);
    expect(wrong.code).toBe(255);
    expect(wrong.stderr).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED');
    const none = ['-o', 'PubkeyAuthentication=no', 'knot.work', 'true'];
    expect((await desk.ssh(none)).stderr).toContain('Permission denied (publickey)');
  });
});

/** As Remote-SSH of VS Code and JetBrains Gateway come in: one connection, and all that they do along it. */
describe('an editor that is far away', () => {
  it('installs its server by a script on standard input, and reads what it says, along a connection kept alive', async () => {
    const marker = randomBytes(12).toString('hex');
    const program = randomBytes(300_000);
    const lines = program.toString('base64').match(/.{1,60000}/g) ?? [];
    const script = [
      `echo "${marker}: running"`,
      'trap \'echo "exit was $?"\' EXIT',
      `DIR=${join(desk.home, '.editor-server')}; mkdir -p "$DIR"`,
      'base64 -d > "$DIR/server" <<\'END\'',
      ...lines,
      'END',
      'sleep 4',
      'printf "%s\\n" "sum==$(sha256sum < "$DIR/server" | cut -d" " -f1)==" "kind==$KIND==" "tty==$(tty)=="',
      `echo "${marker}: end" >&2`,
      'exit 23',
    ];
    const alive = ['-o', 'ServerAliveInterval=1', '-o', 'ServerAliveCountMax=2', '-o', 'SetEnv=KIND=remote'];
    const ran = await desk.ssh(
      [...alive, '-T', '-D', `${await freePort()}`, 'knot.work', 'bash'],
      `${script.join('\n')}\n`,
    );
    expect(ran.code).toBe(23);
    expect(ran.stdout.split('\n')).toEqual([
      `${marker}: running`,
      `sum==${createHash('sha256').update(program).digest('hex')}==`,
      'kind==remote==',
      'tty==not a tty==',
      'exit was 23',
      '',
    ]);
    expect(ran.stderr).toContain(`${marker}: end`);
  });

  it('has many channels open at once along one connection: commands, a terminal, files and ports of the space', async () => {
    const ssh = await desk.sshClient('work');
    const echo = createTcpServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const { port } = echo.address() as AddressInfo;
    try {
      const exec = (command: string, input = '') =>
        new Promise<{ said: string; code: number }>((resolve, reject) => {
          ssh.exec(command, { env: { KIND: 'gateway' } }, (error, channel) => {
            if (error) return reject(error);
            let [said, code] = ['', -1];
            channel.on('data', (chunk: Buffer) => (said += chunk.toString()));
            channel.stderr.resume();
            channel.once('exit', (given: number) => (code = given));
            channel.once('close', () => resolve({ said, code }));
            channel.end(input);
          });
        });
      const sftp = await promisify(ssh.sftp.bind(ssh))();
      const [file, there] = [randomBytes(4 * MIB), join(desk.home, 'uploaded')];
      const upload = promisify(sftp.writeFile.bind(sftp));
      const forwarded = (text: string) =>
        new Promise<string>((resolve, reject) => {
          ssh.forwardOut('127.0.0.1', 0, '127.0.0.1', port, (error, channel) => {
            if (error) return reject(error);
            let said = '';
            channel.on('data', (chunk: Buffer) => (said += chunk.toString()));
            channel.once('close', () => resolve(said));
            channel.end(text);
          });
        });
      const commands = Array.from({ length: 60 }, (_, nth) => nth);
      const [ran, back] = await Promise.all([
        Promise.all(commands.map((nth) => exec(`read x; echo $x $KIND; exit ${nth}`, `line-${nth}\n`))),
        Promise.all(commands.map((nth) => forwarded(`port-${nth}`))),
        upload(there, file),
      ]);
      expect(ran).toEqual(commands.map((nth) => ({ said: `line-${nth} gateway\n`, code: nth })));
      expect(back).toEqual(commands.map((nth) => `port-${nth}`));
      expect(await sha256Of(there)).toBe(createHash('sha256').update(file).digest('hex'));

      const shell = await promisify<object, ClientChannel>(ssh.shell.bind(ssh))({ cols: 91, rows: 31, term: 'xterm' });
      let shown = '';
      shell.on('data', (chunk: Buffer) => (shown += chunk.toString()));
      const shows = (text: string | RegExp) =>
        eventually(
          () => shown,
          (all) => all.search(text) >= 0,
          { ...SOON, what: `${text}` },
        );
      shell.write('stty size; echo $TERM-here\n');
      await shows('31 91');
      await shows('xterm-here');
      shell.setWindow(40, 120, 0, 0);
      shell.write('stty size\n');
      await shows('40 120');
      // what is typed before it runs would not reach it
      shell.write('echo in-$((1+1)); sleep 1000\n');
      await shows('in-2');
      shell.write('\x03');
      await shows(/\^C/);
      shell.write('echo code-$?\n');
      await shows('code-130');
      const left = once(shell, 'exit');
      shell.write('exit 9\n');
      expect((await left)[0]).toBe(9);
      const running = await promisify<string, ClientChannel>(ssh.exec.bind(ssh))(
        'trap "echo caught; exit 4" USR1; echo ready; while :; do sleep 1; done',
      );
      running.once('data', () => running.signal('USR1'));
      expect((await once(running, 'exit'))[0]).toBe(4);
      // nothing listens there: the one channel is refused, and nothing else
      await expect(
        promisify<string, number, string, number, ClientChannel>(ssh.forwardOut.bind(ssh))(
          '127.0.0.1',
          0,
          '127.0.0.1',
          1,
        ),
      ).rejects.toThrow('Channel open failure');
      expect(await exec('echo still')).toEqual({ said: 'still\n', code: 0 });
    } finally {
      ssh.end();
      echo.close();
    }
  });
});

describe('knot', () => {
  it('runs a command with its input and its exit code', async () => {
    const ran = await desk.knot(['run', 'work', '--', 'sh', '-c', 'cat; echo "$1" >&2; exit 5', 'sh', "it's"], 'in');
    expect(ran).toEqual({ code: 5, stdout: 'in', stderr: "it's\n" });
  });

  it('copies files and folders both ways', async () => {
    const folder = join(desk.home, 'tree');
    mkdirSync(join(folder, 'deep', 'empty'), { recursive: true });
    writeFileSync(join(folder, 'deep', 'large'), randomBytes(8 * MIB));
    writeFileSync(join(folder, 'run me'), '#!/bin/sh\n', { mode: 0o755 });
    const [there, back] = [join(desk.home, 'tree-there'), join(desk.home, 'tree-back')];
    await desk.must(desk.knot(['cp', '-r', folder, `work:${there}`]));
    await desk.must(desk.knot(['cp', '-r', `work:${there}`, back]));
    const same = await desk.run('diff', ['-r', folder, back]);
    expect(same).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(existsSync(join(back, 'deep', 'empty'))).toBe(true);
    const missing = await desk.knot(['cp', 'work:/no/such', back]);
    expect(missing.code).toBe(4);
    expect(missing.stderr).toContain('/no/such');
  });

  it('opens a shell where no command is given, as ssh does', async () => {
    const ran = await desk.knot(['run', 'work'], 'echo in-$((1+1))\nexit 6\n');
    expect(ran).toEqual({ code: 6, stdout: 'in-2\n', stderr: '' });
    const typed = `${process.execPath} ${KNOT} run work`;
    const { stdout } = await desk.run('script', ['-qec', typed, '/dev/null'], 'tty; exit\n');
    expect(stdout).toMatch(/\/dev\/pts\/\d+/);
  });

  it('carries a port of this machine into the space by its name, and says where nothing answers there', async () => {
    const body = randomBytes(MIB);
    const port = appPort;
    const web = createServer((_, response) => response.end(body)).listen(port, '127.0.0.1');
    await once(web, 'listening');
    await eventually(
      () => origin.api.space(space.id),
      ({ ports }) => ports.length > 0,
      { ...SOON, what: 'the port to be offered' },
    );
    const unknown = await desk.knot(['forward', 'port', 'work', '0:web']);
    expect(unknown).toMatchObject({ code: 4, stderr: expect.stringContaining(`It offers app (${port}).`) });
    const forward = desk.start(process.execPath, [KNOT, 'forward', 'port', 'work', '0:app']);
    const ended = new Promise((resolve) => forward.once('exit', resolve));
    let [said, complained] = ['', ''];
    forward.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    forward.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()));
    try {
      const where = await eventually(
        () => /^127\.0\.0\.1:(\d+) leads to port \d+ of work\n/.exec(said)?.[1],
        (local) => local !== undefined,
        { ...SOON, what: 'the port here' },
      );
      const get = (file: string) =>
        desk.run('curl', ['-sS', '--max-time', '60', `http://127.0.0.1:${where}`, '-o', file]);
      const files = [1, 2, 3].map((n) => join(desk.home, `forwarded-${n}`));
      await Promise.all(files.map((file) => desk.must(get(file))));
      const sums = new Set(await Promise.all(files.map(sha256Of)));
      expect([...sums]).toEqual([await sha256Of(desk.file('body', body))]);
      const gone = new Promise((resolve) => web.close(resolve));
      web.closeAllConnections();
      await gone;
      expect((await get('/dev/null')).code).not.toBe(0);
      await eventually(
        () => complained,
        (text) => text.includes(`nothing answers on port ${port} in the space`),
        { ...SOON, what: 'the complaint' },
      );
    } finally {
      web.close();
      forward.kill();
      await ended;
    }
    const wrong = await desk.knot(['forward', 'port', 'work', '0:']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('3000:8080');
  });
});

describe('a connection', () => {
  it('outlives its leaf: the same shell, and each byte of a copy', async () => {
    const file = desk.file('long', randomBytes(100 * MIB));
    const there = join(desk.home, 'long-there');
    const shell = desk.start('ssh', ['-F', desk.config, 'knot.work', 'sh']);
    let said = '';
    shell.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const hears = (text: string) =>
      eventually(
        () => said,
        (all) => all.includes(text),
        { ...SOON, what: text },
      );
    shell.stdin.write('kept=yes; echo "at $$ first"\n');
    await hears('first');
    const copy = desk.must(desk.run('scp', ['-F', desk.config, file, `knot.work:${there}`]));
    await eventually(() => existsSync(there), Boolean, { ...SOON, what: 'the copy to begin' });
    await leaf.process.kill();
    // typed while there is no way
    shell.stdin.write('echo "at $$ $kept"\n');
    leaf = await leaf.restart();
    await agentJoined(origin, space.id);
    await hears('yes\n');
    const [first, second] = said.trim().split('\n');
    expect(second).toBe(first?.replace('first', 'yes'));
    await copy;
    expect(await sha256Of(there)).toBe(await sha256Of(file));
    shell.stdin.end('exit\n');
  });

  it('is cut as the key is removed, and the key lets nobody in any more', async () => {
    const shell = desk.start('ssh', ['-F', desk.config, 'knot.work', 'echo in; sleep 1000']);
    const ended = new Promise((resolve) => shell.once('exit', resolve));
    await new Promise((resolve) => shell.stdout.once('data', resolve));
    const { items } = await origin.api.request<{ items: { fingerprint: string }[] }>('GET', '/me/ssh-keys');
    const fingerprint = encodeURIComponent(items[0]?.fingerprint ?? '');
    await origin.api.request('DELETE', `/me/ssh-keys?fingerprint=${fingerprint}`);
    expect(await ended).toBe(255);
    expect((await desk.ssh(['knot.work', 'true'])).stderr).toContain('Permission denied');
  });

  it('is cut as the space is stopped', async () => {
    const open = [
      ['run', 'work', '--', 'sh', '-c', 'echo in; sleep 1000'],
      ['forward', 'port', 'work', '0:80'],
    ].map((args) => desk.start(process.execPath, [KNOT, ...args]));
    const ended = open.map(async (one) => (await once(one, 'exit'))[0]);
    await Promise.all(open.map(({ stdout }) => once(stdout, 'data')));
    await origin.api.wish(space.id, 'stop');
    for (const code of await Promise.all(ended)) expect(code).not.toBe(0);
  });
});
