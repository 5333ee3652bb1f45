import { duplexPair } from 'node:stream';
import { createLogger, systemClock, type Clock, type ClockTimer } from '@knot/shared';
import { VirtualClock } from '@knot/drivers/fake';
import { expect, it } from 'vitest';
import { ProofEnds } from './proof-ends.js';
import { Uses } from './uses.js';

it('what has ended is cut and counts no more, also where the disk takes no word of it', async () => {
  const clock = new VirtualClock();
  const full = () => Promise.reject(new Error('The disk is full.'));
  const ends = new ProofEnds({ meta: async () => null, putMeta: full }, clock);
  const warned: string[] = [];
  const logger = createLogger({
    level: 'warn',
    name: 'test',
    destination: { write: (line) => void warned.push(line) },
  });
  const uses = new Uses(ends, clock, logger);
  const [leaf, origin] = duplexPair();
  uses.serve(leaf);
  const cut = new Promise<void>((resolve) => {
    void uses.admit({ proof: 'p', space: 's', port: '' }, { cut: resolve, wait: false });
  });
  origin.write(`${JSON.stringify({ say: 'ended', proofs: ['p'], position: { epoch: 'e', rev: 1, nonce: 'n' } })}\n`);
  await cut;
  expect(ends.has('p', clock.now())).toBe(true);
  await expect.poll(() => warned.length).toBe(1);
  leaf.destroy();
});

it('what the next connection of the origin is asked is not answered by the end of the one before', async () => {
  const clock = new VirtualClock();
  const ends = new ProofEnds({ meta: async () => null, putMeta: async () => undefined }, clock);
  const uses = new Uses(ends, clock, createLogger({ level: 'error', name: 'test' }));
  const [[first], [second, origin]] = [duplexPair(), duplexPair()];
  uses.serve(first);
  void uses.admit({ proof: 'p', space: 's', port: '' }, { cut: () => undefined, wait: false });
  uses.serve(second);
  await new Promise((resolve) => first.once('close', resolve));
  let sure: boolean | null = null;
  const held = uses
    .admit({ proof: 'p', space: 's', port: '' }, { cut: () => undefined, wait: true })
    .then((one) => (sure = one.sure));
  await new Promise((resolve) => setImmediate(resolve));
  expect(sure).toBeNull();
  origin.write(`${JSON.stringify({ say: 'verdict', key: 'p s ', still: true })}\n`);
  await held;
  expect(sure).toBe(true);
  second.destroy();
});

it('nothing waits any more once it is closed, so that a leaf that stops ends at once', async () => {
  const waiting = new Set<ClockTimer>();
  const clock: Clock = {
    ...systemClock,
    setTimeout: (fire, ms) => {
      const timer = systemClock.setTimeout(fire, ms);
      waiting.add(timer);
      return timer;
    },
    clearTimeout: (timer) => {
      waiting.delete(timer);
      systemClock.clearTimeout(timer);
    },
  };
  const ends = new ProofEnds({ meta: async () => null, putMeta: async () => undefined }, clock);
  const uses = new Uses(ends, clock, createLogger({ level: 'warn', name: 'test' }));
  const admit = (proof: string) => uses.admit({ proof, space: 's', port: '' }, { cut: () => undefined, wait: false });
  const [before, after] = [await admit('p'), await admit('q')];
  before.release();
  expect(waiting.size).toBe(1);
  uses.close();
  after.release();
  expect(waiting.size).toBe(0);
});

it('however often somebody comes and goes, one timer waits', async () => {
  const ends = new ProofEnds({ meta: async () => null, putMeta: async () => undefined }, systemClock);
  const uses = new Uses(ends, systemClock, createLogger({ level: 'error', name: 'test' }));
  const timers = () => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
  const before = timers();
  for (let time = 0; time < 100; time += 1) {
    const { release } = await uses.admit({ proof: 'p', space: 's', port: '' }, { cut: () => undefined, wait: false });
    release();
  }
  expect(timers() - before).toBe(1);
  uses.close();
});
