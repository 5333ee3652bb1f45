import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { fromBase32, stepAt, totpCode } from '../../apps/origin/src/identity/totp.js';
import { environmentOf } from '../tools/agent.js';
import { ApiClient } from '../tools/api-client.js';
import {
  ADMINISTRATOR,
  locationReady,
  SHARED_TOKEN,
  signIn,
  startLeaf,
  startOrigin,
  type Leaf,
  type Origin,
} from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder, runKnot } from '../tools/processes.js';
import { startRedis, type RedisServer } from '../tools/redis.js';

const ENCRYPT = 'planted-key-of-the-origin-0123456789';
const FORMER_KEY = 'planted-former-key-0123456789';
const SECOND_TOKEN = 'planted-second-shared-token-0123456789';
const PROTECTED = 'planted-protected-value-0123456789';
const REDIS_PASSWORD = 'planted-redis-password-0123456789';
const NOMAD_TOKEN = '0f9a1d3c-1111-4222-8333-444455556666';
const CLIENT_SECRET = 'planted-client-secret-0123456789';
const BOB = { username: 'bob', email: 'bob@example.com', password: 'planted password of the second' };

/** What no output holds, whatever its value: hashes of passwords, private keys, credentials of leaves. */
const SHAPES = { hash: /\$argon2/, key: /PRIVATE KEY/, credential: /knl_[0-9a-f-]{36}_[\w-]{10,}/ };

let redis: RedisServer;
let origin: Origin;
let leaf: Leaf;
/** Everything that anybody was shown, by where. */
const shown = new Map<string, string>();
/** What was made in the run, and shown once to whom it belongs. */
const made: Record<string, string> = {};

beforeAll(async () => {
  redis = await startRedis({ config: { requirepass: REDIS_PASSWORD } });
  const nobody = `127.0.0.1:${await freePort()}`;
  origin = await startOrigin({
    config: {
      'server.encrypt': ENCRYPT,
      'server.encrypt_keys': [FORMER_KEY],
      'server.shared_token': [SECOND_TOKEN, SHARED_TOKEN],
      'server.badgerdb.enabled': true,
      'server.redis.enabled': true,
      'server.redis.hosts': [redis.host],
      'server.redis.password': REDIS_PASSWORD,
      'server.nomad.addr': `http://${nobody}`,
      'server.nomad.token': NOMAD_TOKEN,
      'server.oidc.issuer': `http://${nobody}`,
      'server.oidc.client_id': 'knot',
      'server.oidc.client_secret': CLIENT_SECRET,
      'log.level': 'debug',
    },
  });
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
    'server.nomad.addr': `http://${nobody}`,
    'server.nomad.token': NOMAD_TOKEN,
    'log.level': 'debug',
  };
  leaf = await startLeaf(origin, { location: 'lon', local: true, config });
  await locationReady(origin, 'lon', 'local');
});

async function knot(...args: string[]): Promise<void> {
  const env = { KNOT_SERVER: origin.url, KNOT_TOKEN: origin.api.token };
  const { output } = await runKnot(args, { env, timeout: 60_000 });
  shown.set(`knot ${args.join(' ')}`, output);
}

/** Works on the store beside the running origin, in its folder. */
async function admin(...args: string[]): Promise<void> {
  const options = { folder: origin.process.folder, timeout: 60_000 };
  const { output } = await runKnot(['admin', ...args, '--config', origin.process.configFile], options);
  shown.set(`knot admin ${args[0]}`, output);
}

async function get(path: string): Promise<void> {
  const headers = { authorization: `Bearer ${origin.api.token}` };
  const answer = await fetch(`${origin.url}${path}`, { headers, signal: AbortSignal.timeout(20_000) });
  const text = await answer.text();
  // Some ask for an agent, of which there is none.
  expect(answer.status, `${path}: ${text}`).not.toBe(500);
  shown.set(path, text);
}

/** Every answer that the contract has for reading, of each object that the fitting lists name. */
async function readEverything(): Promise<void> {
  const contract: unknown = JSON.parse(shown.get('/api/openapi.json') ?? '');
  const paths = pathsToRead(contract).filter((path) => !path.endsWith('/events'));
  for (const path of paths.filter((one) => !one.includes('{'))) await get(path);
  for (const path of paths.filter((one) => one.includes('{'))) {
    const [list = '', rest = ''] = path.split(/\/\{[^}]*\}/);
    if (rest.includes('{') || path.split('{').length > 2) continue;
    for (const id of idsIn(shown.get(list) ?? '')) await get(`${list}/${encodeURIComponent(id)}${rest}`);
  }
}

function pathsToRead(contract: unknown): string[] {
  const paths: unknown = typeof contract === 'object' && contract !== null && Reflect.get(contract, 'paths');
  if (typeof paths !== 'object' || paths === null) throw new Error('The contract has no paths.');
  return Object.entries(paths).flatMap(([path, methods]) => (Object.hasOwn(Object(methods), 'get') ? [path] : []));
}

/** Ids, and names of locations, that a list holds. */
function idsIn(text: string): string[] {
  const ids = [...text.matchAll(/"id":"([^"]{1,80})"/g)].map(([, id = '']) => id);
  return ids.length > 0
    ? [...new Set(ids)].slice(0, 8)
    : [...text.matchAll(/"name":"(\w{1,20})"/g)].map(([, id = '']) => id);
}

/** A second user with an authenticator; notes what only bob was shown. */
async function enrolBob(): Promise<void> {
  const { api, url } = origin;
  await api.request('POST', '/users', { ...BOB, role: 'user' });
  const anybody = new ApiClient(url, '');
  const login = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: BOB.username, password: BOB.password }),
  });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  made['session of bob'] = cookie.split('=')[1] ?? '';
  const asBob = { cookie, origin: url };
  const { link } = await anybody.request<{ link: string }>('POST', '/me/totp-link', undefined, asBob);
  const proof = { username: BOB.username, password: BOB.password, link };
  const { secret } = await anybody.request<{ secret: string }>('POST', '/auth/totp/begin', proof);
  const code = totpCode(fromBase32(secret), stepAt(Date.now()));
  const { recoveryCodes } = await anybody.request<{ recoveryCodes: string[] }>('POST', '/auth/totp', {
    ...proof,
    code,
  });
  Object.assign(made, { link, secret, 'recovery code': recoveryCodes[0] ?? '' });
}

/** What the stream of events says, until it is let go. */
function listen(): () => Promise<void> {
  const ending = new AbortController();
  const headers = { authorization: `Bearer ${origin.api.token}` };
  const reading = (async () => {
    const answer = await fetch(`${origin.url}/api/v1/events`, { headers, signal: ending.signal });
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString();
      shown.set('events', text);
    }
  })().catch(() => undefined);
  return async () => {
    ending.abort();
    await reading;
  };
}

it('a secret that was planted is shown by nothing: no list, event, log, metric, audit row, command or error', async () => {
  const { api } = origin;
  const stopListening = listen();
  await enrolBob();
  made['token of a location'] = (await api.request<{ token: string }>('POST', '/locations/par/token')).token;
  made['second API token'] = await signIn(origin.url, ADMINISTRATOR.username, ADMINISTRATOR.password);
  const job = (command: string) =>
    `command: ${command}\nenv: { KEY: "\${{ .var.key }}", SERVICE: "\${{ .user.service_password }}" }\n`;
  const jobs = {
    runs: job('[sleep, "1000"]'),
    // What refuses each of these quotes what it was handed.
    missing: job('["/nowhere/${{ .var.key }}"]'),
    fails: job('["sh", "-c", "exit 3", "${{ .var.key }}"]'),
    wrong: 'command: ${{ .var.key }}\n',
    unknown: `${job('[sleep, "1000"]')}\n"\${{ .var.key }}": 1\n`,
  };
  const templates = await Promise.all(
    Object.entries(jobs).map(([name, text]) =>
      api.createTemplate({ name, platform: 'local', job: text, restart: 'never' }),
    ),
  );
  const ids = templates.map(({ id }) => id);
  await api.request('POST', '/variables', { name: 'key', value: PROTECTED, protected: true, templates: ids });
  const spaces: { id: string; name: string }[] = [];
  for (const { id, name } of templates) {
    const space = await api.createSpace(name, id, 'lon');
    await api.wish(space.id, 'start');
    spaces.push(space);
  }
  const settled = async () => Promise.all(spaces.map(async ({ id }) => (await api.space(id)).phase));
  await eventually(settled, (phases) => phases.every((phase) => ['Running', 'Failed', 'Stopped'].includes(phase)), {
    timeout: 90_000,
    what: 'every space to run or to have failed',
  });
  for (const [index, { id, name }] of spaces.entries()) {
    const space = await api.space(id);
    if (index === 0) {
      const env = environmentOf(space);
      made['service password'] = env['SERVICE'] ?? '';
      made['join secret'] = env['KNOT_JOIN_SECRET'] ?? '';
    }
    await get(`/api/v1/spaces/${id}`);
    if (index < 2) await knot('spaces', 'show', name, '--json');
  }
  await redis.down();
  await get('/api/openapi.json');
  await readEverything();
  await get('/metrics');
  await get('/api/v1/auth/oidc/login');
  shown.set('metrics of the leaf', await (await fetch(`${leaf.url}/metrics`)).text());
  shown.set('health of the leaf', await (await fetch(`${leaf.url}/readyz`)).text());
  for (const list of ['spaces', 'variables']) await knot(list, 'list', '--json');
  await knot('doctor');
  await knot('config', 'show', '--config', origin.process.configFile, '--json');
  const backup = join(freshFolder('backup'), 'backup');
  await redis.up();
  await admin('backup', backup);
  await admin('check');
  shown.set(
    'a backup without a passphrase',
    gunzipSync(readFileSync(backup))
      .toString()
      .replaceAll(/\$argon2[^"]*/g, ''),
  );
  await fetch(`${origin.url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: ADMINISTRATOR.username, password: `${ADMINISTRATOR.password} wrong` }),
  });
  await stopListening();
  shown.set('log of the origin', origin.process.output());
  shown.set('log of the leaf', leaf.process.output());

  const planted: Record<string, string> = {
    ...{ PROTECTED, ENCRYPT, FORMER_KEY, SHARED_TOKEN, SECOND_TOKEN, REDIS_PASSWORD, NOMAD_TOKEN, CLIENT_SECRET },
    ...{ password: ADMINISTRATOR.password, 'password of bob': BOB.password, token: api.token, ...made },
  };
  for (const [what, secret] of Object.entries(planted)) expect(secret.length, what).toBeGreaterThan(7);
  const leaks = [...shown].flatMap(([where, text]) =>
    Object.entries(planted).flatMap(([what, secret]) => {
      const at = text.indexOf(secret);
      return at < 0 ? [] : [`${what} in ${where}: ...${text.slice(Math.max(0, at - 200), at)}`];
    }),
  );
  for (const [where, text] of shown) {
    for (const [what, shape] of Object.entries(SHAPES)) if (shape.test(text)) leaks.push(`${what} in ${where}`);
  }
  expect(leaks).toEqual([]);
  // It looked at what it meant to look at.
  expect(shown.get('events')).toContain('data:');
  expect(shown.get('log of the leaf')).toContain('"level"');
  expect(shown.get('a backup without a passphrase')).toContain('"kind":"variable"');
  expect(shown.size).toBeGreaterThan(80);
  // What a backend's refusal had quoted stands blotted out where users read it.
  const told = [...shown].flatMap(([where, text]) => (where.startsWith('/api/v1/spaces/') ? [text] : []));
  expect(told.join('\n')).toContain('***\\" is not known here');
}, 300_000);
