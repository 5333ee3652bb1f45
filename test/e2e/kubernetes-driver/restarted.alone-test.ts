import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { isKnotError } from '@knot/shared/errors';
import type { Driver } from '@knot/drivers';
import { eventually } from '../../tools/eventually.js';
import type { KubeClient } from '../../tools/kube-client.js';
import type { KubernetesAccess } from '../../tools/kubernetes.js';
import { freshNamespace, sharedKubernetes } from '../../tools/shared-kubernetes.js';
import { bringUp, look, newSpec, SCOPE, soon } from './actor.js';
import { driverFor } from './harness.js';
import { deployment } from './manifests.js';

let access: KubernetesAccess;
let kube: KubeClient;
let driver: Driver;

beforeAll(async () => {
  access = await sharedKubernetes();
  kube = await freshNamespace(access);
  driver = driverFor(kube, SCOPE);
});

/** kill -9; the cage starts it again. */
function killApiServer(): void {
  const pids = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return command.includes('kube-apiserver\0') && command.includes(access.folder);
    } catch {
      return false;
    }
  });
  if (pids.length !== 1) throw new Error(`One API server was expected, not ${pids.length}.`);
  process.kill(Number(pids[0]), 'SIGKILL');
}

it('an API server that dies under load: what runs goes on, and the watch goes on with it', async () => {
  const specs = Array.from({ length: 4 }, () => newSpec(deployment()));
  const before = await Promise.all(specs.map((spec) => bringUp(driver, spec)));
  const hints: (string | null)[] = [];
  const ending = new AbortController();
  const watched = driver.watch((space) => void hints.push(space), ending.signal);
  await eventually(() => hints.includes(null), Boolean, { timeout: 30_000, what: 'the first list' });
  hints.length = 0;

  const answers = { well: 0, away: 0 };
  let loaded = true;
  const load = specs.map(async (spec) => {
    while (loaded) {
      try {
        await look(driver, spec);
        answers.well += 1;
        // a look at what is followed asks nobody: without this nothing else would ever have its turn
        await setImmediate();
      } catch (error) {
        // trouble that passes by itself, and nothing else
        if (!isKnotError(error, 'backend.unavailable', 'backend.forbidden')) throw error;
        answers.away += 1;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  });
  killApiServer();
  await eventually(() => answers.away > 0, Boolean, { timeout: 30_000, what: 'an answer that does not come' });
  await eventually(
    () => driver.health(soon()),
    ({ ready }) => ready,
    { timeout: 60_000, what: 'the API server' },
  );
  loaded = false;
  await Promise.all(load);
  await eventually(() => hints.includes(null), Boolean, { timeout: 60_000, what: 'the watch to be back' });

  for (const [n, spec] of specs.entries()) {
    const { workload } = await look(driver, spec);
    expect(workload).toMatchObject({ health: 'healthy', drift: null, instance: before[n]?.instance });
  }
  hints.length = 0;
  for (const { mark } of specs) await driver.remove(mark, soon());
  await eventually(() => specs.every(({ mark }) => hints.includes(mark.space)), Boolean, {
    timeout: 30_000,
    what: 'hints',
  });
  ending.abort();
  await watched;
  expect(answers.well).toBeGreaterThan(0);
});
