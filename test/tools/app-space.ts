import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AGENT } from './agent.js';
import type { Space } from './api-client.js';
import { locationReady, startLeaf, type Leaf, type Origin } from './cluster.js';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';
import { freshFolder } from './processes.js';

const LOCATION = 'lon';
const APP = join(dirname(fileURLToPath(import.meta.url)), 'web-app.mjs');

/** A web app and the agent beside it, as a shell starts them; flags of the agent may follow. */
export const APP_AND_AGENT = `${process.execPath} ${APP} & exec ${process.execPath} ${AGENT} agent`;

export interface AppLeafOptions {
  /** Users reach it themselves too, by names of its own for apps, `*.lon.knot-apps.test`. */
  readonly direct?: 'http' | 'https';
  /** More of its knot.yaml. */
  readonly config?: Record<string, unknown>;
}

/** The location `lon`, where spaces are processes of this machine with agents, below an origin with TLS or without. */
export async function startAppLeaf(origin: Origin, { direct, config = {} }: AppLeafOptions = {}): Promise<Leaf> {
  const listen = await freePort();
  const keys = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
    ...(origin.url.startsWith('https:') && { 'server.origin_fingerprint': await fingerprintOf(origin) }),
    ...(direct && {
      'server.direct_url': `${direct}://127.0.0.1:${listen}`,
      'server.wildcard_domain': '*.lon.knot-apps.test',
    }),
    ...config,
  };
  const leaf = await startLeaf(origin, {
    location: LOCATION,
    local: true,
    config: keys,
    listen,
    tls: direct === 'https',
  });
  await locationReady(origin, LOCATION, 'local');
  return leaf;
}

/** Of the origin's own certificate, from the lines that it prints for leaves. */
export async function fingerprintOf({ process }: Origin): Promise<string> {
  return /[0-9A-F:]{95}/.exec(await process.waitForLine(/origin_fingerprint/))?.[0] ?? '';
}

/** A running space whose app answers. */
export interface AppSpace {
  readonly id: string;
  readonly port: Space['ports'][number];
  /** Its agent's. */
  readonly pid: number;
}

/** Ada's space `work` at `lon` with `web-app.mjs` inside, which its template names Shop. `env`: more of its environment. */
export async function startAppSpace(origin: Origin, env: Record<string, string | number> = {}): Promise<AppSpace> {
  const port = await freePort();
  const all = { PORT: port, KNOT_LOGS_PORT: 0, KNOT_SYSLOG_PORT: 0, ...env };
  const job = `command: ${APP_AND_AGENT}\nenv: ${JSON.stringify(all)}\n`;
  const ports = [{ port, label: 'Shop' }];
  const template = await origin.api.createTemplate({ name: 'shop', platform: 'local', job, ports });
  const { id } = await origin.api.createSpace('work', template.id, LOCATION);
  await origin.api.wish(id, 'start');
  return offered(origin, id);
}

async function offered(origin: Origin, id: string): Promise<AppSpace> {
  const space = await eventually(
    () => origin.api.space(id),
    ({ ports }) => ports.length > 0,
    { timeout: 120_000, interval: 200, what: 'the port of the app' },
  );
  const [port] = space.ports;
  if (!port) throw new Error('The space offers no port.');
  return { id, port, pid: Number.parseInt(space.instance, 10) };
}
