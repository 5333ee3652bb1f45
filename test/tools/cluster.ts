import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { parseDocument } from 'yaml';
import { ApiClient } from './api-client.js';
import { eventually } from './eventually.js';
import type { NomadAccess } from './nomad-client.js';
import { freePort } from './ports.js';
import { freshFolder, runKnot, startKnot, type KnotProcess } from './processes.js';

export const ADMINISTRATOR = { username: 'ada', email: 'ada@example.com', password: 'correct horse battery staple' };
export const SHARED_TOKEN = 'a-shared-token-of-the-tests';

export interface OriginOptions {
  /** Dotted key to value, set in the scaffold's output. */
  readonly config?: Record<string, unknown>;
  readonly env?: Record<string, string>;
  /** The built `knot` of another version. */
  readonly program?: string;
}

export interface StartOriginOptions extends OriginOptions {
  /** https with a certificate of its own, which this process then trusts. */
  readonly tls?: boolean;
  /** A free one unless given. */
  readonly port?: number;
}

export interface Origin {
  readonly url: string;
  readonly process: KnotProcess;
  /** Signed in as the first administrator. */
  readonly api: ApiClient;
  /** Starts it again on the same data and port; as another version's program when given. */
  restart(env?: Record<string, string>, program?: string): Promise<Origin>;
  /** Starts it again with some keys of its knot.yaml set anew. */
  reconfigured(keys: Record<string, unknown>): Promise<Origin>;
}

export interface LeafOptions extends OriginOptions {
  readonly location: string;
  readonly nomad?: NomadAccess;
  /** Spaces as processes. */
  readonly local?: boolean;
  readonly folder?: string;
  readonly listen?: number;
  /** https with a certificate of its own, which this process does not trust: whoever comes pins it. */
  readonly tls?: boolean;
  /** Of a disk of its own for its data, MB; it is empty again after a restart. */
  readonly diskMb?: number;
}

export interface Leaf {
  readonly url: string;
  readonly process: KnotProcess;
  restart(env?: Record<string, string>, program?: string): Promise<Leaf>;
  /** Starts it again on the same data, with some keys of its knot.yaml set anew. */
  reconfigured(keys: Record<string, unknown>): Promise<Leaf>;
}

/** What `knot scaffold --server` prints, with some keys set as a person would. */
export async function scaffold(keys: Record<string, unknown>): Promise<string> {
  const { output } = await runKnot(['scaffold', '--server']);
  return withKeys(output, keys);
}

export function withKeys(config: string, keys: Record<string, unknown>): string {
  const document = parseDocument(config);
  for (const [key, value] of Object.entries(keys)) document.setIn(key.split('.'), value);
  return document.toString();
}

/** An origin from the scaffold with the cluster's keys, set up with a first administrator. */
export async function startOrigin({
  config = {},
  env = {},
  tls = false,
  port,
  program,
}: StartOriginOptions = {}): Promise<Origin> {
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port ?? (await freePort())}`;
  const text = await scaffold({
    'server.listen': url,
    'server.url': url,
    'server.location': 'home',
    'server.shared_token': SHARED_TOKEN,
    ...config,
  });
  return runOrigin(url, text, freshFolder('origin'), env, '', program);
}

async function runOrigin(
  url: string,
  config: string,
  folder: string,
  env: Record<string, string>,
  token: string,
  program?: string,
): Promise<Origin> {
  const process = await startKnot({ config, name: 'origin', folder, env, program });
  if (url.startsWith('https:')) await trust(process);
  await upOrStruck(process, `${url}/readyz`, env);
  const apiToken = token === '' ? await setUp(url, () => process.output()) : token;
  return {
    url,
    process,
    api: new ApiClient(url, apiToken),
    restart: (again = {}, as = program) => runOrigin(url, config, folder, again, apiToken, as),
    reconfigured: (keys) => runOrigin(url, withKeys(config, keys), folder, env, apiToken, program),
  };
}

/** Where a server keeps the certificate that it made itself. */
export function ownCertificateFile({ folder }: KnotProcess): string {
  return join(folder, 'knot-data', 'tls', 'cert.pem');
}

async function trust(process: KnotProcess): Promise<void> {
  const pem = await eventually(
    () => readFileSync(ownCertificateFile(process), 'utf8'),
    (text) => text.includes('END CERTIFICATE'),
    { timeout: 90_000, what: "the server's own certificate" },
  );
  setDefaultCACertificates([...getCACertificates('default'), pem]);
}

/** Waits until it answers; one with an armed failpoint may die before. */
async function upOrStruck(process: KnotProcess, url: string, env: Record<string, string>): Promise<void> {
  await process.waitForUrl(url, 90_000).catch((error: unknown) => {
    if (!('KNOT_FAILPOINTS' in env) || process.isRunning()) throw error;
  });
}

/**
 * Makes the first administrator with the code from the log, as the first page does, and a token for the tests. The log
 * may be that of several servers: those of an older version have a code each.
 */
export async function setUp(url: string, log: () => string | Promise<string>): Promise<string> {
  const codes = await eventually(
    async () => [...(await log()).matchAll(/with the code ([A-Za-z0-9_-]{8,})/g)].map(([, code]) => code),
    ({ length }) => length > 0,
    { timeout: 60_000, what: 'the set-up code in the log' },
  );
  const nobody = new ApiClient(url, '');
  const made = await Promise.allSettled(
    codes.map((code) => nobody.request('POST', '/setup', { code, ...ADMINISTRATOR })),
  );
  if (made.every(({ status }) => status === 'rejected'))
    throw new Error(`no code of the log is right:\n${await log()}`);
  return signIn(url, ADMINISTRATOR.username, ADMINISTRATOR.password);
}

/** A token of a user, had the way the command line has it. */
export async function signIn(url: string, username: string, password: string): Promise<string> {
  const login = await fetch(new URL('/api/v1/auth/login', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!login.ok) throw new Error(`sign-in answered ${login.status}: ${await login.text()}`);
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const made = await new ApiClient(url, '').request<{ token: string }>(
    'POST',
    '/tokens',
    { name: 'tests', scopes: ['*'] },
    { cookie, origin: url },
  );
  return made.token;
}

/** A leaf from the scaffold with the three keys of cluster mode. */
export async function startLeaf(origin: { readonly url: string }, options: LeafOptions): Promise<Leaf> {
  const url = `${options.tls ? 'https' : 'http'}://127.0.0.1:${options.listen ?? (await freePort())}`;
  const { nomad } = options;
  const text = await scaffold({
    'server.listen': url,
    'server.location': options.location,
    'server.shared_token': SHARED_TOKEN,
    'server.origin_server': origin.url,
    ...(nomad && { 'server.nomad': nomad }),
    ...(options.local && { 'server.local.enabled': true }),
    ...options.config,
  });
  const folder = options.folder ?? freshFolder(`leaf-${options.location}`);
  const { program, diskMb } = options;
  return runLeaf(url, text, folder, options.env ?? {}, { program, diskMb });
}

async function runLeaf(
  url: string,
  config: string,
  folder: string,
  env: Record<string, string>,
  kind: Pick<LeafOptions, 'program' | 'diskMb'>,
): Promise<Leaf> {
  const process = await startKnot({ config, name: 'leaf', folder, env, ...kind });
  if (url.startsWith('https:')) await process.waitForLine(/the leaf is up/, { timeout: 90_000 });
  else await upOrStruck(process, `${url}/readyz`, env);
  return {
    url,
    process,
    restart: (again = {}, program = kind.program) => runLeaf(url, config, folder, again, { ...kind, program }),
    reconfigured: (keys) => runLeaf(url, withKeys(config, keys), folder, env, kind),
  };
}

/** Waits until the origin shows the location live with the platform ready. */
export async function locationReady(origin: Origin, name: string, platform: string): Promise<void> {
  await eventually(
    () => origin.api.location(name),
    (location) => location.live && location.platforms.some((state) => state.platform === platform && state.ready),
    { timeout: 60_000, what: `location ${name} to be live with ${platform}` },
  );
}
