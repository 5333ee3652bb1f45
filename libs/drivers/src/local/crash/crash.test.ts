import { readdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { instancesOf, processesOf } from '../testing/machine.js';
import { buildVictim, startVictim, type VictimDeed, type VictimOrder } from './start-victim.js';
import { SpaceOnMachine } from '../testing/space-on-machine.js';

const JOB = 'command: "sleep 600 & exec sleep 601"';
const START_POINTS = ['intended', 'cleared', 'spawned', 'claimed'] as const;

let program = '';

beforeAll(async () => {
  program = await buildVictim();
});

afterAll(() => rm(dirname(program), { recursive: true, force: true }));

async function killedAt(space: SpaceOnMachine, deed: VictimDeed, how: Partial<VictimOrder>): Promise<void> {
  const { child, said } = startVictim(program, { root: space.root, deed, ...how });
  const words = await said;
  if (how.dieAt && child.signalCode !== 'SIGKILL') throw new Error(`It did not die at ${how.dieAt}: ${words}`);
}

/** Nothing that was still on its way may come up later. */
async function expectOneInstance({ mark }: SpaceOnMachine): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect(instancesOf(mark.space)).toBe(1);
  // The script, the command, and what the command started.
  expect(processesOf(mark.space)).toHaveLength(3);
}

describe('a leaf that is killed', () => {
  it.concurrent.for(START_POINTS)(
    'at "%s" of a first start leaves one instance in the end',
    async (dieAt, { onTestFinished }) => {
      const space = await SpaceOnMachine.create(JOB, onTestFinished);
      await killedAt(space, { do: 'apply', spec: space.spec, expect: '' }, { dieAt });
      await space.converge();
      await expectOneInstance(space);
    },
  );

  it.concurrent.for(START_POINTS)(
    'at "%s" of an update leaves one instance of the new job',
    async (dieAt, { onTestFinished }) => {
      const space = await SpaceOnMachine.create(JOB, onTestFinished);
      const revision = await space.apply();
      const changed = space.specOf(`${JOB}\nenv: { NEW: "yes" }`);
      await killedAt(space, { do: 'apply', spec: changed, expect: revision }, { dieAt });
      expect(await space.converge(changed)).toMatchObject({ drift: null });
      await expectOneInstance(space);
    },
  );

  it.concurrent(
    'with its start under way is answered by the claim: the start is adopted, not done twice',
    async ({ onTestFinished }) => {
      const space = await SpaceOnMachine.create(JOB, onTestFinished);
      await killedAt(space, { do: 'apply', spec: space.spec, expect: '' }, { dieAt: 'spawned' });
      const seen = await space.until('claimed', async () => {
        const workload = await space.look();
        return workload.state === 'present' && workload.instance !== '' ? workload : null;
      });
      expect(await space.converge()).toMatchObject({ instance: seen.instance });
      await expectOneInstance(space);
    },
  );

  it.concurrent.for(['ended', 'retired'] as const)(
    'at "%s" of a removal leaves nothing in the end',
    async (dieAt, { onTestFinished }) => {
      const space = await SpaceOnMachine.create(JOB, onTestFinished);
      await space.apply();
      await killedAt(space, { do: 'remove', spec: space.spec }, { dieAt });
      await space.convergeToAbsent();
      expect(processesOf(space.mark.space)).toEqual([]);
      expect(await readdir(space.root)).not.toContain(space.mark.space);
    },
  );

  it.concurrent.for([0, 2, 4, 8, 16])(
    '%i ms into a start leaves one instance in the end',
    async (dieAfterMs, { onTestFinished }) => {
      const space = await SpaceOnMachine.create(JOB, onTestFinished);
      await killedAt(space, { do: 'apply', spec: space.spec, expect: '' }, { dieAfterMs });
      await space.converge();
      await expectOneInstance(space);
    },
  );

  it('leaves its space running, and the end of it on record', async () => {
    const space = await SpaceOnMachine.create(
      'command: "while [ ! -e stop ]; do sleep 0.02; done; exit 7"',
      onTestFinished,
    );
    const { child, said } = startVictim(program, {
      root: space.root,
      deed: { do: 'apply', spec: space.spec, expect: '' },
      stay: true,
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    expect(await said).toContain('done');
    // As Ctrl-C in its terminal does: to the whole group.
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await space.until('dead', () => (child.signalCode === null ? null : true));
    expect(instancesOf(space.mark.space)).toBe(1);
    await writeFile(`${space.folder}/stop`, '');
    await space.until('over', () => (processesOf(space.mark.space).length === 0 ? true : null));
    expect(await space.look()).toMatchObject({ health: 'ended', exitCode: 7 });
  });
});

describe('many drivers at once', () => {
  it('start one instance between them', async () => {
    const space = await SpaceOnMachine.create(JOB, onTestFinished);
    const drivers = Array.from({ length: 8 }, () => space.newDriver());
    const answers = await Promise.allSettled(drivers.map((driver) => driver.apply(space.spec, '', space.signal)));
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'backend.conflict' });
    }
    await space.converge();
    await expectOneInstance(space);
  });

  it('do not start what another one has given up: a late start finds the claim taken', async () => {
    const space = await SpaceOnMachine.create(JOB, onTestFinished);
    const frozen = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const late = space.newDriver({
      failpoint: (name) => {
        if (name !== 'cleared') return undefined;
        reached.resolve();
        return frozen.promise;
      },
    });
    const lateStart = late.apply(space.spec, '', space.signal);
    await reached.promise;
    const other = await space.converge();
    frozen.resolve();
    await expect(lateStart).rejects.toMatchObject({ code: 'backend.conflict' });
    await expectOneInstance(space);
    expect(await space.look()).toEqual(other);
  });

  it('do not end the newer run of another one', async () => {
    const space = await SpaceOnMachine.create(JOB, onTestFinished);
    const revision = await space.apply();
    const frozen = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const late = space.newDriver({
      failpoint: (name) => {
        if (name !== 'intended') return undefined;
        reached.resolve();
        return frozen.promise;
      },
    });
    const changed = space.specOf(`${JOB}\nenv: { NEW: "yes" }`);
    const lateStart = late.apply(changed, revision, space.signal);
    await reached.promise;
    const other = await space.converge(changed);
    frozen.resolve();
    await expect(lateStart).rejects.toMatchObject({ code: 'backend.conflict' });
    expect(await space.look(changed)).toEqual(other);
    await expectOneInstance(space);
  });
});
