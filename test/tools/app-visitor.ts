import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { WebSocket } from 'ws';
import { ADMINISTRATOR } from './cluster.js';
import { eventually } from './eventually.js';

const SOON = { timeout: 60_000, interval: 100 };

export interface AppAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Something that is open at an app, for as long as it is let. */
export interface OpenStream {
  readonly kind: 'WebSocket' | 'event stream' | 'download';
  /** Bytes that have come. */
  taken(): number;
  /** When it ended; 0 while it is open. */
  endedAt(): number;
  end(): void;
}

/** A browser that no page runs in: somebody signed in at the dashboard, with cookies of hosts of apps. */
export class AppVisitor {
  private readonly cookies = new Map<string, string>();

  private constructor(
    private readonly originUrl: string,
    private readonly session: string,
  ) {}

  static async signIn(originUrl: string, username: string): Promise<AppVisitor> {
    const { status, headers } = await ask(new URL('/api/v1/auth/login', originUrl), {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ username, password: ADMINISTRATOR.password }),
    });
    if (status !== 200) throw new Error(`sign-in answered ${status}`);
    return new AppVisitor(originUrl, headers['set-cookie']?.[0]?.split(';')[0] ?? '');
  }

  /** Somebody who is signed in nowhere. */
  static nobody(originUrl: string): AppVisitor {
    return new AppVisitor(originUrl, '');
  }

  /** What the dashboard's page posts for this app; null where one may not open it. */
  async ticket(address: string): Promise<{ readonly action: string; readonly form: string } | null> {
    const { hostname, pathname } = new URL(address);
    const query = new URLSearchParams({ host: hostname, path: pathname });
    const page = await ask(new URL(`/apps/open?${query.toString()}`, this.originUrl), {
      headers: { cookie: this.session },
    });
    if (page.status !== 200) return null;
    const field = (pattern: RegExp) => pattern.exec(page.body)?.[1] ?? '';
    const form = { ticket: field(/name="ticket" value="([^"]*)"/), path: field(/name="path" value="([^"]*)"/) };
    return { action: field(/action="([^"]*)"/), form: new URLSearchParams(form).toString() };
  }

  /** Signs in at the app, as its page at the dashboard does. */
  async enter(address: string): Promise<void> {
    const made = await this.ticket(address);
    if (!made) throw new Error(`${address} may not be opened`);
    const headers = { origin: new URL(this.originUrl).origin };
    const { status, headers: answered } = await ask(new URL(made.action), { method: 'POST', headers, body: made.form });
    if (status !== 303) throw new Error(`the ticket was answered ${status}`);
    this.cookies.set(address, answered['set-cookie']?.[0]?.split(';')[0] ?? '');
  }

  cookie(address: string): string {
    return this.cookies.get(address) ?? '';
  }

  get(address: string, path = '', headers: Record<string, string> = {}): Promise<AppAnswer> {
    return ask(new URL(path, address), { headers: { accept: '*/*', cookie: this.cookie(address), ...headers } });
  }

  post(address: string, path: string, body: string, headers: Record<string, string>): Promise<AppAnswer> {
    return ask(new URL(path, address), { method: 'POST', headers, body });
  }

  /** One of each kind; they have all begun. */
  async openAll(address: string): Promise<readonly OpenStream[]> {
    const opened = [this.socket(address), this.stream('event stream', 'events', address)];
    const all = [...opened, this.stream('download', `download?bytes=${2 ** 50}&every=50`, address)];
    for (const one of all) {
      await eventually(() => one.taken() > 0 || one.endedAt() > 0, Boolean, { ...SOON, what: `the ${one.kind}` });
      if (one.endedAt() > 0) throw new Error(`The ${one.kind} at ${address} ended at once.`);
    }
    return all;
  }

  private socket(address: string): OpenStream {
    const { host, hostname, origin, protocol } = new URL(address);
    const there = new URL('socket', local(address));
    there.protocol = protocol === 'https:' ? 'wss:' : 'ws:';
    const headers = { host, cookie: this.cookie(address) };
    const options = { headers, origin, servername: hostname, rejectUnauthorized: false };
    const socket = new WebSocket(there, ['chat.1'], options);
    let [taken, ended] = [0, 0];
    const timer = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send('tick'), 100);
    socket.on('message', (data: Buffer) => (taken += data.length));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(timer);
      ended = Date.now();
    });
    return { kind: 'WebSocket', taken: () => taken, endedAt: () => ended, end: () => socket.terminate() };
  }

  private stream(kind: 'event stream' | 'download', path: string, address: string): OpenStream {
    let [taken, ended] = [0, 0];
    const sent = send(new URL(path, address), { headers: { accept: '*/*', cookie: this.cookie(address) } });
    sent.on('response', (answer) => {
      answer.on('data', (chunk: Buffer) => {
        taken += chunk.length;
      });
      answer.on('error', () => undefined);
      if (answer.statusCode !== 200) sent.destroy();
    });
    sent.on('error', () => undefined);
    sent.on('close', () => (ended = Date.now()));
    sent.end();
    return { kind, taken: () => taken, endedAt: () => ended, end: () => sent.destroy() };
  }
}

type Asked = RequestOptions & { readonly body?: string };

/** Every name of apps leads to this machine. */
function local(address: URL | string): URL {
  const url = new URL(address);
  url.hostname = '127.0.0.1';
  return url;
}

function send(address: URL, { body: _body, headers, ...options }: Asked) {
  const { hostname, port, pathname, search, host, protocol } = address;
  const request = protocol === 'https:' ? tlsRequest : plainRequest;
  return request({
    ...{ host: '127.0.0.1', port, path: `${pathname}${search}`, agent: false, servername: hostname },
    ...{ rejectUnauthorized: false, ...options, headers: { host, ...headers } },
  });
}

function ask(address: URL, asked: Asked): Promise<AppAnswer> {
  return new Promise((resolve, reject) => {
    const sent = send(address, asked);
    sent.on('response', (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(asked.body ?? '');
  });
}
