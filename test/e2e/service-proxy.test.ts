import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startChild } from '../tools/child.js';
import { ADMINISTRATOR, signIn, startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { cleanEnv, freshFolder, KNOT, runKnot, startCommand, untilEnd } from '../tools/processes.js';

const run = promisify(execFile);
/** This machine as others reach it: its loopback is what no service proxy leads to. */
const HERE = Object.values(networkInterfaces())
  .flatMap((all = []) => all)
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
const LARGE = randomBytes(16 * 1024 * 1024);

let origin: Origin;
/** Serves a git repository as files, `/large`, and `/endless`. */
let web: Server;
let port: number;
let gitPort: number;
let folder: string;
/** Of the administrator, and of somebody who may nothing of the kind at first. */
let [ada, bob]: Record<string, string>[] = [];
let bobId: string;

function envOf(who: Record<string, string> | undefined): Record<string, string> {
  if (!who) throw new Error('nobody');
  return who;
}

async function git(args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const words = ['-c', 'user.name=ada', '-c', 'user.email=ada@example.com', '-c', 'init.defaultBranch=main', ...args];
  await run('git', words, { cwd: folder, env: cleanEnv(folder, env), timeout: 60_000 });
}

async function serveFolder(): Promise<void> {
  mkdirSync(join(folder, 'work'));
  writeFileSync(join(folder, 'work', 'notes.txt'), 'kept beside the server\n');
  await git(['init', 'work']);
  await git(['-C', 'work', 'add', '.']);
  await git(['-C', 'work', 'commit', '-m', 'first']);
  await git(['clone', '--bare', 'work', 'notes.git']);
  await git(['-C', 'notes.git', 'update-server-info']);
  web = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://service');
    if (pathname === '/large') return response.end(LARGE);
    if (pathname === '/endless') {
      const timer = setInterval(() => response.write('more\n'), 50);
      return response.on('close', () => clearInterval(timer));
    }
    try {
      return response.end(readFileSync(join(folder, pathname)));
    } catch {
      return response.writeHead(404).end();
    }
  });
  web.listen(0, HERE);
  await once(web, 'listening');
  const address = web.address();
  port = typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function clientOf(username: string): Promise<Record<string, string>> {
  const token = await signIn(origin.url, username, ADMINISTRATOR.password);
  return { KNOT_SERVER: origin.url, KNOT_TOKEN: token };
}

/** `http://127.0.0.1:<port>` that leads to the service, for as long as the command runs. */
async function forwarded(who: Record<string, string> | undefined) {
  const command = await startCommand(['proxy', 'port', HERE ?? '', `0:${port}`, '--json'], envOf(who));
  const line = await command.waitForLine(/"port"/, { timeout: 60_000 });
  return { command, url: `http://127.0.0.1:${/"port":(\d+)/.exec(line)?.[1]}` };
}

async function refused(who: Record<string, string> | undefined, host: string, at: number) {
  const { code, output } = await runKnot(['proxy', 'port', host, `0:${at}`], { env: envOf(who), timeout: 60_000 });
  return { code, output };
}

describe.skipIf(HERE === undefined)('a service beside the server, by its address in the network', () => {
  beforeAll(async () => {
    folder = freshFolder('service');
    await serveFolder();
    gitPort = await freePort();
    const listen = [`--listen=${HERE}`, `--port=${gitPort}`, '--reuseaddr'];
    const { stdout: programs } = await run('git', ['--exec-path']);
    const daemon = [...listen, '--export-all', '--verbose', `--base-path=${folder}`];
    // not by `git daemon`, which would only be its parent
    const program = join(programs.trim(), 'git-daemon');
    const served = untilEnd(await startChild(program, daemon, { env: cleanEnv(folder) }));
    await served.waitForLine(/Ready to rumble/);
    const allowed = [`${HERE}:${port}`, `${HERE}:${gitPort}`, '127.0.0.1:*', 'localhost:*', '169.254.169.254:*'];
    origin = await startOrigin({ config: { 'server.proxy_allow': allowed } });
    const person = { username: 'bob', email: 'bob@example.com', password: ADMINISTRATOR.password };
    ({ id: bobId } = await origin.api.request<{ id: string }>('POST', '/users', person));
    [ada, bob] = [await clientOf(ADMINISTRATOR.username), await clientOf('bob')];
  }, 180_000);

  afterAll(() => {
    web.closeAllConnections();
    web.close();
  });

  it('is read by curl, whole, and cloned by git over HTTP', async () => {
    const { command, url } = await forwarded(ada);
    const file = join(folder, 'large');
    await run('curl', ['-sSf', '-o', file, `${url}/large`], { timeout: 60_000 });
    const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    expect(sha(readFileSync(file))).toBe(sha(LARGE));
    await git(['clone', `${url}/notes.git`, 'by-http']);
    expect(readFileSync(join(folder, 'by-http', 'notes.txt'), 'utf8')).toBe('kept beside the server\n');
    await command.kill();
  });

  it("is cloned by git's own protocol with the command as its proxy", async () => {
    const script = join(folder, 'proxy.sh');
    writeFileSync(script, `#!/bin/sh\nexec "${process.execPath}" ${KNOT} proxy ssh "$1" "$2"\n`, { mode: 0o755 });
    const env = { ...envOf(ada), GIT_PROXY_COMMAND: script };
    await git(['clone', `git://${HERE}:${gitPort}/notes.git`, 'by-git'], env);
    expect(readFileSync(join(folder, 'by-git', 'notes.txt'), 'utf8')).toBe('kept beside the server\n');
  });

  it('is the only thing that is reached: not another port, nor what nobody reaches, though it is allowed', async () => {
    const own = Number(new URL(origin.url).port);
    const elsewhere: readonly (readonly [string, number])[] = [
      [HERE ?? '', own],
      ['127.0.0.1', own],
      ['localhost', own],
      ['169.254.169.254', 80],
    ];
    for (const [host, at] of elsewhere) {
      expect(await refused(ada, host, at)).toEqual({
        code: 3,
        output: expect.stringContaining(`The server does not let you reach ${host}:${at}.`),
      });
    }
    const opened = (await audit('action=proxy.open&outcome=done')).items;
    expect(new Set(opened.map(({ details }) => `${String(details['address'])}:${String(details['port'])}`))).toEqual(
      new Set([`${HERE}:${port}`, `${HERE}:${gitPort}`]),
    );
  });

  it('is for those alone who may, and cut once they may no more', async () => {
    expect(await refused(bob, HERE ?? '', port)).toMatchObject({ code: 3 });
    const role = await origin.api.request<{ id: string }>('POST', '/roles', {
      ...{ name: 'proxies', permissions: ['proxy.use', 'spaces.use'] },
    });
    await origin.api.request('PATCH', `/users/${bobId}`, { roles: [role.id] });
    const { command, url } = await forwarded(bob);
    const endless = untilEnd(await startChild('curl', ['-sSN', `${url}/endless`]));
    await endless.waitForLine(/more/);
    await origin.api.request('PATCH', `/users/${bobId}`, { roles: [] });
    await eventually(
      () => endless.isRunning(),
      (runs) => !runs,
      { timeout: 30_000, what: 'the connection to be cut' },
    );
    await command.kill();
  });

  it('is not reached by anybody where there is no proxy', async () => {
    await origin.process.terminate();
    origin = await origin.reconfigured({ 'server.disable_proxy': true });
    expect(await refused(ada, HERE ?? '', port)).toMatchObject({ code: 3 });
    // counted before, and written when it ended
    const { items } = await audit('action=proxy.open&outcome=refused');
    expect(items.length).toBeGreaterThan(0);
  });
});

function audit(query: string): Promise<AuditPage> {
  return origin.api.request<AuditPage>('GET', `/audit?${query}&limit=50`);
}

interface AuditPage {
  readonly items: readonly {
    readonly action: string;
    readonly actor: string;
    readonly details: Readonly<Record<string, unknown>>;
  }[];
}
