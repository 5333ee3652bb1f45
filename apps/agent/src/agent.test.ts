import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Agent } from './agent.js';
import { BREAKS, FakeLeaf } from './testing/fake-leaf.js';
import { LeafWindow } from './testing/leaf-window.js';

let leaf: FakeLeaf;
const ending = new AbortController();
let running: Promise<void>;

beforeEach(async () => {
  // no pauses between attempts
  vi.spyOn(Math, 'random').mockReturnValue(0);
  leaf = await FakeLeaf.start();
  const { endpoint, ca } = leaf;
  const own = { endpoint, ca, space: '8c5ff76c-5b1e-4f0d-9d40-5d7ab7c0b1a2', secret: 'knj_x' };
  const nothing = { nameservers: [], ports: [], logs: { syslog: 0, api: 0 }, startScripts: [], tunnel: false };
  const agent = new Agent({ settings: { ...own, ...nothing }, version: '1', log: () => undefined });
  running = agent.run(ending.signal);
});

afterEach(async () => {
  ending.abort();
  await running;
  leaf.close();
  vi.restoreAllMocks();
});

// an error that nobody took would end the agent here, and this run
it('has the same shell after its leaf was killed, wherever in the joins that followed it was killed again', async () => {
  const first = new LeafWindow(await leaf.joined(), '');
  const id = await first.opened();
  first.type(0, 'KEPT=from-before\n');
  let typed = 'KEPT=from-before\n'.length;
  await first.taken(typed);
  for (const [nth, at] of BREAKS.entries()) {
    leaf.next = at;
    await leaf.cut();
    const window = new LeafWindow(await leaf.joined(), id);
    expect(await window.answer()).toMatchObject({ terminal: id, fresh: false, received: typed });
    const line = `echo ${nth}-$KEPT\n`;
    window.type(typed, line);
    typed += line.length;
    await window.hears(`${nth}-from-before`);
    await turn();
  }
  expect(leaf.broken).toEqual(BREAKS);
});
