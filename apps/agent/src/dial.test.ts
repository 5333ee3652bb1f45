import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dial } from './dial.js';
import { FakeLeaf } from './testing/fake-leaf.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

it('a leaf that is frozen as an agent joins is given up after 15 s, and costs the agent nothing', async () => {
  const leaf = await FakeLeaf.start();
  const [host = '', port] = leaf.endpoint.split(':');
  leaf.next = 'silent';
  const own = { endpoint: leaf.endpoint, ca: leaf.ca, space: 'space', secret: 'secret' };
  const who = { version: '1', instance: 'instance', credential: '' };
  const refused = expect(dial({ ...own, ...who, targets: [{ host, port: Number(port) }] })).rejects.toMatchObject({
    code: 'server.unavailable',
  });
  while (leaf.broken.length === 0) await turn();
  vi.advanceTimersByTime(15_000);
  await refused;
  // an error that nobody took would be told by now, and fail this run
  await turn();
  leaf.close();
});
