import { createLocalDriver } from '../create-local-driver.js';
import type { VictimOrder } from './start-victim.js';
import { machineClock } from '../testing/machine.js';

const order = parseOrder(process.argv[2] ?? '');
const { spec } = order.deed;
const die = () => process.kill(process.pid, 'SIGKILL');
const driver = createLocalDriver({
  scope: spec.mark,
  path: order.root,
  clock: machineClock,
  failpoint: (name) => {
    if (name !== order.dieAt) return undefined;
    die();
    return new Promise(() => undefined);
  },
});
const signal = AbortSignal.timeout(20_000);
if (order.dieAfterMs !== undefined) {
  const until = performance.now() + order.dieAfterMs;
  // Not by a timer: death is to come between any two steps, also while the event loop is busy with them.
  const watchDeath = () => (performance.now() >= until ? die() : setImmediate(watchDeath));
  setImmediate(watchDeath);
}

function parseOrder(text: string): VictimOrder {
  const order: unknown = JSON.parse(text);
  if (!isOrder(order)) throw new Error(`This is no order: ${text}`);
  return order;
}

function isOrder(value: unknown): value is VictimOrder {
  return typeof value === 'object' && value !== null && 'root' in value && 'deed' in value;
}

async function doDeed(): Promise<string> {
  switch (order.deed.do) {
    case 'apply':
      return (await driver.apply(spec, order.deed.expect, signal)).revision;
    case 'remove': {
      await driver.remove(spec.mark, signal);
      const request = { mark: spec.mark, volumes: [], spec, verified: '' };
      while ((await driver.observe(request, signal)).workload.state === 'present') {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return 'removed';
    }
    case 'hold': {
      const { term, ttlMs } = order.deed;
      const lock = driver.lock();
      const hold = async () => JSON.stringify(await lock.hold({ holder: 'child', term, ttlMs }, signal));
      // Renewed on SIGUSR1, told again on stdout.
      process.on('SIGUSR1', () => void hold().then((answer) => process.stdout.write(`${answer}\n`)));
      return hold();
    }
  }
}

process.stdout.write(`done ${await doDeed()}\n`);
if (order.stay) setInterval(() => undefined, 60_000);
