import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '@knot/domain';
import { createLogger, systemClock, type Clock } from '@knot/shared';
import { loadConfig, systemWorld } from '@knot/shared/config';
import { startOrigin, type Origin } from '../start-origin.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** JSON as it came, or text. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface AskOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Ask = (method: string, path: string, options?: AskOptions) => Promise<Answer>;

export const PASSWORD = 'correct horse battery';

/** A whole origin over a store of its own in a temporary folder, spoken to over HTTP. */
export class TestOrigin {
  /** Everything the origin has logged. */
  readonly lines: string[] = [];
  private ahead = 0;

  private constructor(
    readonly folder: string,
    readonly env: Readonly<Record<string, string>>,
  ) {}

  origin!: Origin;
  url = '';

  static async open(env: Readonly<Record<string, string>> = {}): Promise<TestOrigin> {
    const folder = await mkdtemp(join(tmpdir(), 'knot-origin-'));
    const test = new TestOrigin(folder, env);
    await test.start();
    return test;
  }

  get clock(): Clock {
    return { ...systemClock, now: () => Date.now() + this.ahead };
  }

  /** Moves the wall clock ahead. */
  pass(ms: number): void {
    this.ahead += ms;
  }

  async start(): Promise<void> {
    const { folder } = this;
    const env = { KNOT_LISTEN: 'http://127.0.0.1:3000', KNOT_LOCATION: 'home', KNOT_DATA_PATH: folder, ...this.env };
    const { config } = loadConfig({ world: { ...systemWorld(), env, cwd: folder, home: folder } });
    const destination = { write: (line: string) => void this.lines.push(line) };
    const logger = createLogger({ level: 'debug', name: 'origin', destination });
    const dashboardFolder = join(folder, 'dashboard');
    this.origin = await startOrigin({ config, logger, programVersion: '0.1.0', clock: this.clock, dashboardFolder });
    await new Promise<void>((resolve) => this.origin.web.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.origin.web.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await this.origin.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Asks as nobody. */
  readonly ask: Ask = async (method, path, { body, headers = {} } = {}) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(`${this.url}${path}`, { method, headers: { ...json, ...headers }, body: text });
    const raw = await answer.text();
    const isJson = (answer.headers.get('content-type') ?? '').includes('json');
    return { status: answer.status, headers: answer.headers, body: isJson && raw !== '' ? JSON.parse(raw) : raw };
  };

  as(headers: Readonly<Record<string, string>>): Ask {
    return (method, path, options = {}) =>
      this.ask(method, path, { ...options, headers: { ...headers, ...options.headers } });
  }

  /** Makes the first administrator and signs in. */
  async admin(): Promise<Ask> {
    const code = this.origin.setupCode;
    const body = { code, username: 'ann', email: 'ann@example.com', password: PASSWORD };
    const made = await this.ask('POST', '/api/v1/setup', { body });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return this.signIn('ann');
  }

  async signIn(username: string, password = PASSWORD): Promise<Ask> {
    const answer = await this.ask('POST', '/api/v1/auth/login', { body: { username, password } });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return this.as({ cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' });
  }

  /** A location whose leaf is heard of now and has the platforms. */
  async liveLocation(name = 'home', platforms: readonly Platform[] = ['nomad', 'local']): Promise<void> {
    const { store } = this.origin;
    const now = await store.now();
    const states = platforms.map((platform) => ({ platform, ready: true, version: '1', message: '', lockHeld: true }));
    const facts = { url: 'http://127.0.0.1:3000', agentEndpoint: '', wildcardDomain: '', timezone: 'UTC' };
    const policy = { drivers: ['docker'], hostVolumes: [] };
    const known = await store.get('location', name);
    await store.commit({
      expect: [],
      writes: [
        ...(known
          ? []
          : [
              {
                put: 'location' as const,
                row: { id: name, builtIn: false, tokenHash: '', instances: [], policy, createdAt: now },
              },
            ]),
        { put: 'lease', row: { id: name, holder: 'test', instance: 'test', term: 1, renewedAt: now } },
        {
          put: 'locationStatus',
          row: {
            id: name,
            term: 1,
            leafVersion: '0.1.0',
            protocol: 1,
            platforms: states,
            facts: { ...facts, nomadDc: 'dc1', nomadRegion: 'global' },
            queueDepth: 0,
            spaces: 0,
            appliedRev: 0,
            reportedAt: now,
            sequence: 0,
          },
        },
      ],
      log: [{ stream: 'events', kind: 'location', id: name, op: 'put' }],
    });
  }
}
