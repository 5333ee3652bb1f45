import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLeaf } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { makeMysqlPlace } from '../tools/mysql-place.js';
import { startSeveralOrigins, type SeveralOrigins } from '../tools/several-origins.js';
import { sharedMariadb } from '../tools/shared-mariadb.js';

const PATIENCE = { timeout: 60_000 };
const server = await sharedMariadb();
let origins: SeveralOrigins;
let hello: string;

beforeAll(async () => {
  origins = await startSeveralOrigins(server, 2);
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

/** Types and ids of what the event stream of an origin says, until the signal. */
async function follow(index: number, signal: AbortSignal): Promise<string[]> {
  const { url, api } = at(index);
  const headers = { authorization: `Bearer ${api.token}` };
  const response = await fetch(`${url}/api/v1/events`, { headers, signal });
  const lines: string[] = [];
  const read = async () => {
    for await (const chunk of response.body ?? []) lines.push(Buffer.from(chunk).toString());
  };
  read().catch(() => undefined);
  await eventually(() => lines.join('').includes('hello'), Boolean, PATIENCE);
  return lines;
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
        await one.commit({
          expect: [],
          writes: [],
          log: [{ stream: 'location:lon', kind: 'guard', id: 'x', op: 'put' }],
        });
        return heard.includes('location:lon');
      },
      Boolean,
      PATIENCE,
    );
    await Promise.all([one.close(), other.close()]);
    await place.destroy();
  });
});

describe('two origins on one MariaDB', () => {
  it('run a space whose wish the one took at a leaf that hangs on the other, and both screens see it', async () => {
    const leaf = await startLeaf({ url: at(0).url }, { location: 'lon', local: true });
    await eventually(
      () => at(1).api.location('lon'),
      ({ live, platforms }) => live && platforms.some(({ ready }) => ready),
      PATIENCE,
    );
    const stop = new AbortController();
    const seen = await follow(1, stop.signal);
    const space = await at(1).api.createSpace('across', hello, 'lon');
    await at(1).api.wish(space.id, 'start');
    await at(1).api.phase(space.id, 'Running', PATIENCE);
    await eventually(
      () => seen.join(''),
      (text) => text.includes(space.id) && text.includes('Running'),
      PATIENCE,
    );
    stop.abort();
    await at(0).api.wish(space.id, 'stop');
    await at(1).api.phase(space.id, 'Stopped', PATIENCE);
    await leaf.process.terminate();
  });

  it('refuse a third with another location, or with a key of its own, in a sentence', async () => {
    expect(await origins.refused({ 'server.location': 'elsewhere' })).toContain(
      'Name the same server.location at all of them',
    );
    expect(await origins.refused({ 'server.encrypt': '' })).toContain('Give all of them the same server.encrypt');
  });

  it('lose no request while both are restarted one after the other', async () => {
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
});
