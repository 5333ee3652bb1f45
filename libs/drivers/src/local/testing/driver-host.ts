import { createLocalDriver } from '../create-local-driver.js';
import type { DriverOrder } from './driver-process.js';
import { machineClock } from './machine.js';

const order: DriverOrder = JSON.parse(process.argv[2] ?? '{}');
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
if (order.dieAfterMs !== null) {
  const until = performance.now() + order.dieAfterMs;
  // Not by a timer: death is to come between any two steps, also while the event loop is busy with them.
  const watchDeath = () => (performance.now() >= until ? die() : setImmediate(watchDeath));
  setImmediate(watchDeath);
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
