import { setTimeout as pause } from 'node:timers/promises';
import type { TcpProxy } from '../../tools/tcp-proxy.js';
import type { Fault } from './arena.js';

/** A lease and what a take-over waits beyond it, ms. */
export const BEYOND_LEASE_MS = 40_000;

/** Everything that the wire between a leaf and its origin may do, by name. */
export function wireFaults(proxy: TcpProxy): Readonly<Record<string, Fault>> {
  const heal = () => proxy.pass();
  return {
    'cut for a moment': { strike: () => proxy.cut(), lastsMs: 1_000, heal },
    'cut beyond a lease': { strike: () => proxy.cut(), lastsMs: BEYOND_LEASE_MS, heal },
    'reset again and again': { ...resets(proxy), lastsMs: 15_000 },
    'half-open beyond a lease': { strike: () => proxy.swallow(), lastsMs: BEYOND_LEASE_MS, heal },
    'no byte to the leaf for 25 s': { strike: () => proxy.stall('back'), lastsMs: 25_000, heal },
    'no byte to the origin for 25 s': { strike: () => proxy.stall('there'), lastsMs: 25_000, heal },
    'answers dropped after they were written': { ...droppedAnswers(proxy), lastsMs: 20_000 },
    '600 ms there and back': {
      strike: () => proxy.shape({ delayMs: 300 }),
      outlastsWishes: true,
      lastsMs: 15_000,
      heal: () => proxy.shape({}),
    },
    '8,000 bytes a second': {
      strike: () => proxy.shape({ bytesPerSecond: 8_000 }),
      outlastsWishes: true,
      lastsMs: 15_000,
      heal: () => proxy.shape({}),
    },
    'each connection reset after 3,000 bytes': cutShort(proxy),
  };
}

function cutShort(proxy: TcpProxy): Fault {
  let before = 0;
  return {
    strike: () => {
      before = proxy.counted().connections;
      proxy.shape({ bytesPerConnection: 3_000 });
      proxy.cut();
      proxy.pass();
    },
    lastsMs: 20_000,
    heal: () => {
      proxy.shape({});
      if (proxy.counted().connections - before < 3) throw new Error('hardly any connection was cut short');
    },
  };
}

function resets(proxy: TcpProxy): Fault {
  return repeated(
    700,
    () => {
      proxy.cut();
      proxy.pass();
    },
    () => proxy.pass(),
  );
}

/** What the leaf says arrives, what it is answered does not, and then the connection breaks. */
export function droppedAnswers(proxy: TcpProxy): Fault {
  return repeated(
    0,
    async () => {
      proxy.stall('back');
      await pause(1_500);
      proxy.cut();
      proxy.pass();
      await pause(500);
    },
    () => proxy.pass(),
  );
}

function repeated(everyMs: number, strike: () => unknown, end: () => unknown): Fault {
  let over = false;
  let running = Promise.resolve();
  const run = async () => {
    while (!over) {
      await strike();
      await pause(everyMs);
    }
  };
  return {
    strike: () => void (running = run()),
    heal: async () => {
      over = true;
      await running;
      await end();
    },
  };
}
