import { setImmediate as turn } from 'node:timers/promises';
import { createAgentCa } from '@knot/link';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dial } from './dial.js';
import { FakeLeaf } from './testing/fake-leaf.js';

let leaf: FakeLeaf;

beforeEach(async () => {
  leaf = await FakeLeaf.start();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
  leaf.close();
});

function join(ca: string) {
  const [host = '', port] = leaf.endpoint.split(':');
  const own = { endpoint: leaf.endpoint, ca, space: 'space', secret: 'secret', version: '1' };
  return dial({ ...own, instance: 'instance', credential: '', targets: [{ host, port: Number(port) }] });
}

it('a leaf that is frozen as an agent joins is given up after 15 s, and costs the agent nothing', async () => {
  leaf.next = 'silent';
  const refused = expect(join(leaf.ca)).rejects.toMatchObject({ code: 'server.unavailable' });
  while (leaf.broken.length === 0) await turn();
  vi.advanceTimersByTime(15_000);
  await refused;
  // an error that nobody took would be told by now, and fail this run
  await turn();
});

it('a server that the CA of the location has not signed hears no secret', async () => {
  leaf.next = 'silent';
  const { certificate } = await createAgentCa('lon', Date.now());
  await expect(join(certificate)).rejects.toMatchObject({ code: 'server.unavailable' });
  expect(leaf.broken).toEqual([]);
});
