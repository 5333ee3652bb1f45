import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATOR, startLeaf } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { makeMysqlPlace } from '../tools/mysql-place.js';
import { freshFolder } from '../tools/processes.js';
import { startRedis, type RedisServer } from '../tools/redis.js';
import { startSeveralOrigins, type SeveralOrigins } from '../tools/several-origins.js';
import { sharedMariadb } from '../tools/shared-mariadb.js';

const PATIENCE = { timeout: 60_000 };
const server = await sharedMariadb();
let origins: SeveralOrigins;
let redis: RedisServer;
let hello: string;

beforeAll(async () => {
  // The machine's spaces belong to whichever of them acts for the location that is their own.
  const local = { 'server.local.enabled': true, 'server.local.path': freshFolder('spaces') };
  redis = await startRedis();
  const beside = { 'server.redis.enabled': true, 'server.redis.hosts': [redis.host] };
  origins = await startSeveralOrigins(server, 2, { ...local, ...beside });
  const { items } = await origins.api.request<{ items: { id: string; name: string }[] }>(
    'GET',
    '/templates?platform=local',
  );
  hello = items.find(({ name }) => name === 'hello')?.id ?? '';
});

afterAll(() => origins?.balancer.close());

const at = (index: number) => {
  const one = origins.all[index];
  if (one === undefined) throw new Error(`There is no origin ${index}.`);
  return one;
};

/** What the event stream of an origin says, until the signal. */
async function follow(index: number, signal: AbortSignal, headers: Record<string, string> = {}) {
  const { url, api } = at(index);
  const proof = 'cookie' in headers ? headers : { authorization: `Bearer ${api.token}` };
  const response = await fetch(`${url}/api/v1/events`, { headers: proof, signal });
  const stream = { lines: [] as string[], ended: false };
  const read = async () => {
    for await (const chunk of response.body ?? []) stream.lines.push(Buffer.from(chunk).toString());
  };
  read()
    .catch(() => undefined)
    .finally(() => (stream.ended = true));
  await eventually(() => stream.lines.join('').includes('hello'), Boolean, PATIENCE);
  return stream;
}

/** The session cookie of a sign-in at an origin. */
async function signIn(index: number): Promise<Record<string, string>> {
  const { username, password } = ADMINISTRATOR;
  const response = await fetch(`${at(index).url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  return { cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

describe('a store that two have open', () => {
  it('wakes the one when the other has committed', async () => {
    const place = await makeMysqlPlace(server);
    const [one, other] = [await place.open(), await place.open()];
    const heard: string[] = [];
    other.onCommit((streams) => heard.push(...streams));
    // The other's first look only learns what is there.
    await eventually(
      async () => {
        const streams = ['location:lon', 'proofs', 'events'] as const;
        const log = streams.map((stream) => ({ stream, kind: 'guard', id: 'x', op: 'put' }) as const);
        await one.commit({ expect: [], writes: [], log });
        return streams.every((stream) => heard.includes(stream));
      },
      Boolean,
      PATIENCE,
    );
    await Promise.all([one.close(), other.close()]);
    await place.destroy();
  });
});

describe('two origins on one MariaDB', () => {
  it.each([
    ['Redis wakes them', 'across', () => undefined],
    ['Redis is dead and they look by themselves', 'without', () => redis.down()],
  ])(
    'run a space whose wish the one took at a leaf that hangs on the other, and both screens see it: %s',
    async (_how, name, strike) => {
      const leaf = await startLeaf({ url: at(0).url }, { location: `lon-${name}`, local: true });
      await eventually(
        () => at(1).api.location(`lon-${name}`),
        ({ live, platforms }) => live && platforms.some(({ ready }) => ready),
        PATIENCE,
      );
      await strike();
      const stop = new AbortController();
      const seen = await follow(1, stop.signal);
      const space = await at(1).api.createSpace(name, hello, `lon-${name}`);
      await at(1).api.wish(space.id, 'start');
      await at(1).api.phase(space.id, 'Running', PATIENCE);
      await eventually(
        () => seen.lines.join(''),
        (text) => text.includes(space.id) && text.includes('Running'),
        PATIENCE,
      );
      stop.abort();
      await at(0).api.wish(space.id, 'stop');
      await at(1).api.phase(space.id, 'Stopped', PATIENCE);
      await leaf.process.terminate();
    },
  );

  it('know one session, which ends at both, with the events that were read by it', async () => {
    const headers = await signIn(0);
    const asked = (index: number) => fetch(`${at(index).url}/api/v1/me`, { headers }).then(({ status }) => status);
    expect([await asked(0), await asked(1)]).toEqual([200, 200]);
    const stop = new AbortController();
    const stream = await follow(1, stop.signal, headers);
    const signOut = { method: 'POST', headers: { ...headers, origin: origins.balancer.url } };
    expect((await fetch(`${at(0).url}/api/v1/auth/logout`, signOut)).status).toBe(204);
    expect([await asked(0), await asked(1)]).toEqual([401, 401]);
    await eventually(() => stream.ended, Boolean, PATIENCE);
    stop.abort();
  });

  it('cut the stream of a leaf that was revoked at the other', async () => {
    const leaf = await startLeaf({ url: at(0).url }, { location: 'par', local: true });
    const detail = () => at(1).api.request<{ instances: { id: string; state: string }[] }>('GET', '/locations/par');
    const { instances } = await eventually(
      () => detail().catch(() => ({ instances: [] })),
      (seen) => seen.instances.length === 1,
      PATIENCE,
    );
    await eventually(
      () => at(0).api.location('par'),
      ({ live }) => live,
      PATIENCE,
    );
    await at(1).api.request('POST', `/locations/par/instances/${instances[0]?.id}/revoke`);
    await leaf.process.waitForLine(/was revoked/, PATIENCE);
    expect(leaf.process.isRunning()).toBe(true);
    await leaf.process.terminate();
  });

  it('refuse a third with another location, or with a key of its own, in a sentence', async () => {
    expect(await origins.refused({ 'server.location': 'elsewhere' })).toContain(
      'Name the same server.location at all of them',
    );
    expect(await origins.refused({ 'server.encrypt': '' })).toContain('Give all of them the same server.encrypt');
  });

  it('lose no request while both are restarted one after the other', async () => {
    await redis.up();
    const done = new AbortController();
    const answers = new Map<string, number>();
    const strange: string[] = [];
    const worker = async (name: string) => {
      for (let turn = 0; !done.signal.aborted; turn += 1) {
        const space = `${name}${turn}`;
        await eventually(
          () => create(space),
          (status) => {
            if (![201, 503, 0].includes(status)) strange.push(`${space}: ${status}`);
            return status === 201;
          },
          { ...PATIENCE, interval: 50, what: `the answer to ${space}` },
        );
        answers.set(space, 201);
        await pause(200);
      }
    };
    // Retried with its key, as a client may: done once.
    const create = async (name: string): Promise<number> => {
      const headers = {
        authorization: `Bearer ${origins.api.token}`,
        'content-type': 'application/json',
        'idempotency-key': `key-of-${name}`,
      };
      const body = JSON.stringify({ name, templateId: hello, location: 'home' });
      try {
        const response = await fetch(`${origins.balancer.url}/api/v1/spaces`, { method: 'POST', headers, body });
        await response.arrayBuffer();
        if (response.status === 503 && !response.headers.has('retry-after')) strange.push(`${name}: no Retry-After`);
        return response.status;
      } catch {
        return 0;
      }
    };
    const workers = Promise.all(['a', 'b', 'c'].map(worker));
    await eventually(() => answers.size > 10, Boolean, PATIENCE);
    for (const index of [0, 1]) {
      await origins.restart(index);
      const before = answers.size;
      await eventually(() => answers.size > before + 5, Boolean, PATIENCE);
    }
    done.abort();
    await workers;
    expect(strange).toEqual([]);
    const names = (await origins.api.spaces()).map(({ name }) => name);
    const created = [...answers.keys()];
    expect(names.filter((name) => created.includes(name)).toSorted()).toEqual(created.toSorted());
    // The location of their own has one leaf that acts, at either.
    await eventually(
      () => origins.api.location('home'),
      ({ live }) => live,
      PATIENCE,
    );
  });

  it('hand their own location over when the one that acts for it is killed', async () => {
    const acts = (index: number) => at(index).process.output().includes('this leaf holds the lease of its location');
    await eventually(() => acts(0) || acts(1), Boolean, PATIENCE);
    const space = await origins.api.createSpace('stays', hello, 'home');
    await origins.api.wish(space.id, 'start');
    await origins.api.phase(space.id, 'Running', PATIENCE);
    const [acting, other] = acts(0) ? [0, 1] : [1, 0];
    await origins.kill(acting);
    const survivor = at(other);
    await eventually(() => acts(other), Boolean, { timeout: 120_000, what: 'the other to act' });
    await survivor.api.phase(space.id, 'Running', PATIENCE);
    await survivor.api.wish(space.id, 'stop');
    await survivor.api.phase(space.id, 'Stopped', PATIENCE);
  });
});
