import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { VirtualClock } from '../fake/virtual-clock.js';
import { KubeApi } from './api.js';
import { keptOf } from './kept.js';
import { KindCache } from './kind-cache.js';
import { KINDS } from './kinds.js';
import { Reflector } from './reflector.js';
import { SharedFields } from './shared-fields.js';

/** An API server whose lists are empty and whose watches say these lines and end. */
class Saying extends KubeApi {
  readonly counts = { lists: 0, watches: 0 };

  constructor(
    clock: VirtualClock,
    private readonly lines: readonly object[],
  ) {
    super({ scope: { installation: 'i', location: 'lon' }, namespace: 'spaces', clock });
  }

  override async list() {
    this.counts.lists += 1;
    return { items: [], revision: '7' };
  }

  override async open(): Promise<IncomingMessage> {
    this.counts.watches += 1;
    const answer = new IncomingMessage(new Socket());
    for (const line of this.lines) answer.push(`${JSON.stringify(line)}\n`);
    answer.push(null);
    return answer;
  }
}

async function followed(lines: readonly object[]) {
  const clock = new VirtualClock();
  const api = new Saying(clock, lines);
  const stop = new AbortController();
  const cache = new KindCache(keptOf(KINDS.Pod), new SharedFields());
  const running = new Reflector({
    ...{ api, clock, kind: KINDS.Pod, labelSelector: '', cache, silenceMs: 150_000 },
    onChange: () => undefined,
    onConnected: () => undefined,
  }).run(stop.signal);
  for (let second = 0; second < 60; second += 1) await clock.advance(1_000);
  stop.abort();
  await clock.advance(60_000);
  await running;
  return api.counts;
}

it('watches that end at once, as a proxy may end them, are made again after pauses that grow', async () => {
  const { watches } = await followed([]);
  expect(watches).toBeGreaterThan(3);
  expect(watches).toBeLessThan(20);
});

it('what was listed just now and is called too old is listed again at once, and then after pauses that grow', async () => {
  const { lists } = await followed([{ type: 'ERROR', object: { code: 410 } }]);
  expect(lists).toBeGreaterThan(3);
  expect(lists).toBeLessThan(20);
});
