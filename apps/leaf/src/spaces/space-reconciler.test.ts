import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sync } from '@knot/contract';
import { armFailpoints, type FailpointName } from '@knot/shared';
import { LeafRig, toRun } from '../testing/leaf-rig.js';

let rig: LeafRig;
beforeEach(async () => {
  rig = await LeafRig.open({ placementMs: 100, healthMs: 200, stopMs: 100, volumeMs: 50 });
});
afterEach(async () => {
  armFailpoints(undefined);
  await rig.close();
});

const reasonOf = (space: string, type = 'Ready') => rig.condition(space, type)?.reason;
const hasEvent = (space: string, reason: string) =>
  rig.origin.statuses.get(space)?.events.some((event) => event.source === 'knot' && event.reason === reason) ?? false;

/** The leaf stands still for ever at the failpoint that it meets after `work`, and is killed there; then a fresh one goes on. */
async function dyingAt(name: FailpointName, work: () => void): Promise<void> {
  armFailpoints(`${name}=sleep(1)`, { kill: () => undefined, sleep: () => new Promise(() => undefined) });
  const dying = await rig.start();
  await rig.until('it follows', () => dying.leaf.state().stage === 'following');
  work();
  await rig.pass(1_000);
  await dying.kill();
  armFailpoints(undefined);
  await rig.start();
}

describe('starting', () => {
  it.each<FailpointName>([
    'leaf.watch.before-commit',
    'leaf.watch.after-commit',
    'leaf.volumes.created',
    'leaf.create.before',
    'leaf.create.after',
    'leaf.create.recorded',
    'leaf.report.before-send',
    'leaf.report.after-send',
  ])('survives the leaf dying at %s: exactly one workload runs', async (name) => {
    await dyingAt(name, () => rig.origin.wish('s1', toRun('sleep', { volumes: 'home' })));
    await rig.until('s1 runs', () => rig.isReady('s1'));
    expect(rig.backend.countRunning('s1')).toBe(1);
    expect(rig.backend.all()).toHaveLength(1);
    expect([...rig.backend.volumes.keys()]).toEqual(['knot-s1-home']);
  });

  it('hands a workload over without a look before, as the backend itself refuses what is there', async () => {
    const { driver } = await rig.start();
    rig.origin.wish('s1', toRun('sleep'));
    await rig.until('it is submitted', () => rig.backend.get('s1') !== null);
    expect(driver().calls.get('observe') ?? 0).toBe(0);
    await rig.until('s1 runs', () => rig.isReady('s1'));
    expect(rig.backend.all()).toHaveLength(1);
  });

  it('again waits for the end of what was stopped', async () => {
    Object.assign(rig.backend.knobs, { stopMs: 5_000 });
    await rig.start();
    rig.origin.wish('s1', toRun('sleep'));
    await rig.until('s1 runs', () => rig.isReady('s1'));
    const before = rig.backend.get('s1')?.instance;
    rig.origin.wish('s1', { want: sync.Want.STOPPED });
    await rig.until('it stops', () => hasEvent('s1', 'Stopping'));
    rig.origin.wish('s1', toRun('sleep'));
    await rig.pass(2_000);
    expect(rig.backend.get('s1')?.instance).toBe(before);
    await rig.until('s1 runs again', () => rig.isReady('s1') && rig.backend.get('s1')?.instance !== before);
    expect(rig.backend.all()).toHaveLength(1);
  });

  it('that is stopped on the way ends stopped', async () => {
    Object.assign(rig.backend.knobs, { placementMs: 5_000, healthMs: 5_000 });
    await rig.start();
    rig.origin.wish('s1', toRun('sleep'));
    await rig.until('it is submitted', () => rig.backend.get('s1') !== null);
    rig.origin.wish('s1', { want: sync.Want.STOPPED });
    await rig.until('it is stopped', () => reasonOf('s1') === 'StoppedByUser');
    await rig.pass(20_000);
    expect(rig.backend.get('s1')).toBeNull();
    expect(rig.condition('s1', 'Ready')?.status).toBe('False');
  });

  it('wished twice makes one workload, and the second time nothing happens', async () => {
    const { driver } = await rig.start();
    rig.origin.wish('s1', toRun('sleep'));
    await rig.until('s1 runs', () => rig.isReady('s1'));
    const instance = rig.backend.get('s1')?.instance;
    const applied = driver().calls.get('apply');
    rig.origin.repeat(sync.ObjectKind.SPACE, 's1');
    await rig.pass(5_000);
    expect(rig.backend.get('s1')?.instance).toBe(instance);
    expect(driver().calls.get('apply')).toBe(applied);
  });

  it('ignores an older generation that arrives late', async () => {
    await rig.start();
    rig.origin.wish('s1', toRun('sleep'));
    const older = rig.origin.spaces.get('s1');
    await rig.until('s1 runs', () => rig.isReady('s1'));
    rig.origin.wish('s1', { want: sync.Want.STOPPED });
    await rig.until('s1 is stopped', () => reasonOf('s1') === 'StoppedByUser');
    if (older) rig.origin.putSpace(older);
    await rig.pass(10_000);
    expect(rig.backend.get('s1')).toBeNull();
  });

  it('says why it cannot be placed, why it is refused, and both can be deleted', async () => {
    await rig.start();
    rig.origin.wish('s1', toRun('fake: never-placed no node has 1 TB of memory'));
    rig.origin.wish('s2', toRun('fake: invalid line 3: a brace is missing'));
    rig.origin.wish('s3', toRun('fake: driver raw_exec'));
    rig.origin.wish('s4', toRun('${{ .var.nothing }}'));
    await rig.until('s1 says why', () => reasonOf('s1') === 'NotPlaceable');
    await rig.until('s2 is stalled', () => reasonOf('s2', 'Stalled') === 'TemplateRejected');
    await rig.until('s3 is stalled', () => reasonOf('s3', 'Stalled') === 'PolicyRefused');
    await rig.until('s4 is stalled', () => reasonOf('s4', 'Stalled') === 'RenderFailed');
    expect(rig.condition('s2', 'Stalled')?.message).toContain('a brace is missing');
    expect(rig.condition('s4', 'Stalled')?.message).toMatch(/job text, line 1, column \d+: .*nothing/);
    for (const id of ['s1', 's2', 's3', 's4']) rig.origin.wish(id, { want: sync.Want.DELETED });
    await rig.until('all are gone', () => rig.origin.spaces.size === 0);
    expect(rig.backend.all()).toHaveLength(0);
  });

  it('is not tried again after a final refusal until there is a new wish', async () => {
    const { driver } = await rig.start();
    rig.origin.wish('s1', toRun('fake: invalid it does not parse'));
    await rig.until('it is stalled', () => rig.condition('s1', 'Stalled')?.status === 'True');
    const tried = driver().calls.get('apply');
    await rig.pass(120_000);
    expect(driver().calls.get('apply')).toBe(tried);
    rig.origin.wish('s1', toRun('sleep'));
    await rig.until('s1 runs', () => rig.isReady('s1'));
  });

  it('goes on by itself when the backend was down, throttled or answered too late', async () => {
    await rig.start();
    rig.faults.add({ call: 'apply', kind: 'unavailable', when: 'after', times: 1 });
    rig.faults.add({ call: 'observe', kind: 'throttled', when: 'before', times: 2 });
    rig.faults.add({ call: 'apply', kind: 'conflict', when: 'before', times: 2 });
    rig.origin.wish('s1', toRun('sleep'));
    await rig.until('s1 runs', () => rig.isReady('s1'), 60_000);
    expect(rig.backend.all()).toHaveLength(1);
  });

  it('shows a refused token as a condition and goes on once it is allowed', async () => {
    await rig.start();
    rig.faults.add({ call: 'apply', kind: 'forbidden', when: 'before', times: Infinity });
    rig.origin.wish('s1', toRun('sleep'));
    await rig.until('it is told', () => reasonOf('s1') === 'BackendForbidden');
    rig.faults.clear();
    await rig.until('s1 runs', () => rig.isReady('s1'), 60_000);
  });

  it('leaves an object of its name alone that knot did not make, and says so', async () => {
    await rig.start();
    rig.backend.plantForeign('s1');
    rig.origin.wish('s1', toRun('sleep'));
    await rig.until('it says so', () => reasonOf('s1') === 'NameTaken');
    rig.origin.wish('s1', { want: sync.Want.DELETED });
    await rig.until('the space is gone', () => !rig.origin.spaces.has('s1'));
    expect(rig.backend.get('s1')?.mark).toBeNull();
  });
});

describe('what runs', () => {
  beforeEach(async () => {
    await rig.start();
    rig.origin.wish('s1', toRun('sleep', { volumes: 'home' }));
    await rig.until('s1 runs', () => rig.isReady('s1'));
  });

  it.each([
    ['taken away', () => rig.backend.purge('s1'), 'Missing'],
    ['changed', () => rig.backend.edit('s1'), 'Changed'],
    ['killed', () => rig.backend.kill('s1'), 'Exited'],
  ])('is put back when it was %s, with the reason', async (_what, harm, reason) => {
    harm();
    await rig.until('the reason is told', () => hasEvent('s1', reason));
    await rig.until('s1 runs again', () => rig.isReady('s1'));
    expect(rig.backend.countRunning('s1')).toBe(1);
    expect(rig.backend.get('s1')?.edited).toBe(false);
  });

  it('is not brought back after its user has stopped it', async () => {
    rig.origin.wish('s1', { want: sync.Want.STOPPED });
    await rig.until('it is stopped', () => reasonOf('s1') === 'StoppedByUser');
    await rig.pass(1_300_000);
    expect(rig.backend.get('s1')).toBeNull();
  });

  it('is not touched by a new name, nor by a second look, and nothing is reported of it', async () => {
    const instance = rig.backend.get('s1')?.instance;
    await rig.pass(15_000);
    const reports = rig.origin.reports.length;
    const space = rig.origin.spaces.get('s1');
    if (space) rig.origin.putSpace({ ...space, name: 'another name' });
    await rig.pass(1_300_000);
    expect(rig.backend.get('s1')?.instance).toBe(instance);
    expect(rig.origin.reports).toHaveLength(reports);
  });

  it('keeps a volume that a newer template does not name, shows it detached, and destroys it with the space only', async () => {
    rig.origin.wish('s1', toRun('sleep more', { volumes: 'cache' }));
    await rig.until('the new version runs', () => rig.isReady('s1') && rig.backend.volumes.size === 2);
    expect(rig.backend.volumes.has('knot-s1-home')).toBe(true);
    const told = rig.origin.statuses.get('s1')?.volumes.map(({ name, detached }) => [name, detached]);
    expect(told).toEqual([
      ['home', true],
      ['cache', false],
    ]);
    rig.origin.wish('s1', { want: sync.Want.DELETED });
    await rig.until('the space is gone', () => !rig.origin.spaces.has('s1'));
    expect(rig.backend.volumes.size).toBe(0);
  });

  it('is told to be unreachable when its backend is, and well again after', async () => {
    rig.faults.add({ call: '*', kind: 'unavailable', when: 'before', times: Infinity });
    rig.backend.edit('s1');
    await rig.until('it is told', () => reasonOf('s1') === 'BackendUnavailable', 60_000);
    expect(rig.condition('s1', 'Ready')?.status).toBe('Unknown');
    rig.faults.clear();
    await rig.until('s1 runs', () => rig.isReady('s1'), 30_000);
    expect(rig.backend.get('s1')?.edited).toBe(false);
  });
});

describe('a restart', () => {
  it.each<FailpointName>([
    'leaf.remove.before',
    'leaf.remove.after',
    'leaf.create.before',
    'leaf.create.after',
    'leaf.create.recorded',
  ])('is done exactly once though the leaf dies at %s', async (name) => {
    const first = await rig.start();
    rig.origin.wish('s1', toRun('sleep'));
    await rig.until('s1 runs', () => rig.isReady('s1'));
    const before = rig.backend.get('s1')?.instance;
    await first.stop();
    await dyingAt(name, () => rig.origin.wish('s1', { restarts: 1n }));
    await rig.until('s1 runs again', () => rig.isReady('s1'));
    const after = rig.backend.get('s1')?.instance;
    expect(after).not.toBe(before);
    await rig.pass(60_000);
    expect(rig.backend.get('s1')?.instance).toBe(after);
    expect(rig.backend.countRunning('s1')).toBe(1);
  });

  it('whose answer was lost is not done twice', async () => {
    await rig.start();
    rig.origin.wish('s1', toRun('sleep'));
    await rig.until('s1 runs', () => rig.isReady('s1'));
    rig.faults.add({ call: 'apply', kind: 'unavailable', when: 'before', times: 3 });
    rig.faults.add({ call: 'apply', kind: 'unavailable', when: 'after', times: 1 });
    rig.origin.wish('s1', { restarts: 1n });
    await rig.until('s1 runs again', () => rig.isReady('s1'), 60_000);
    const instance = rig.backend.get('s1')?.instance;
    await rig.pass(60_000);
    expect(rig.backend.get('s1')?.instance).toBe(instance);
  });
});

describe('a workload that ends by itself', () => {
  it('is put back more and more slowly, and can be stopped meanwhile', async () => {
    const { driver } = await rig.start();
    rig.origin.wish('s1', toRun('fake: exits 3'));
    await rig.until('it says why', () => hasEvent('s1', 'Exited'));
    await rig.pass(120_000);
    const applied = driver().calls.get('apply') ?? 0;
    expect(applied).toBeGreaterThan(3);
    expect(applied).toBeLessThan(12);
    expect(rig.condition('s1', 'Ready')?.message).toContain('code 3');
    rig.origin.wish('s1', { want: sync.Want.STOPPED });
    await rig.until('it is stopped', () => reasonOf('s1') === 'StoppedByUser');
  });

  it('is left so when its template says so, also after the backend has tidied it away', async () => {
    await rig.start();
    rig.origin.wish('s1', toRun('fake: exits 0', { restart: 'on-failure' }));
    await rig.until('it has ended', () => reasonOf('s1') === 'Ended');
    expect(rig.origin.statuses.get('s1')).toMatchObject({ workload: 'ended', exitCode: 0 });
    rig.backend.purge('s1');
    await rig.pass(1_300_000);
    expect(rig.backend.get('s1')).toBeNull();
    expect(rig.origin.statuses.get('s1')).toMatchObject({ workload: 'ended', exitCode: 0 });
  });
});

describe('a space that was never started', () => {
  it('is not in trouble for a backend that does not answer, and its deletion waits for that one', async () => {
    await rig.start();
    rig.faults.add({ call: 'list', kind: 'unavailable', when: 'before', times: Infinity });
    rig.origin.wish('s1', { want: sync.Want.STOPPED });
    await rig.until('it is settled', () => reasonOf('s1') !== undefined, 10_000);
    await rig.pass(60_000);
    expect(reasonOf('s1')).not.toBe('BackendUnavailable');
    expect(rig.condition('s1', 'Ready')?.status).toBe('False');
    rig.origin.wish('s1', { want: sync.Want.DELETED });
    await rig.until('it is told', () => reasonOf('s1') === 'BackendUnavailable', 60_000);
    rig.faults.clear();
    await rig.until('it is gone', () => !rig.origin.spaces.has('s1'), 60_000);
  });

  it('is looked for nowhere once the backends were listed as a whole', async () => {
    const { driver, leaf } = await rig.start();
    await rig.until('it follows', () => leaf.state().stage === 'following');
    await rig.pass(5_000);
    const before = driver().calls.get('list');
    expect(before).toBeGreaterThan(0);
    rig.origin.wish('s1', { want: sync.Want.STOPPED });
    await rig.until('it is settled', () => reasonOf('s1') !== undefined, 10_000);
    expect(driver().calls.get('list')).toBe(before);
  });
});

describe('a stop that the backend does not carry out', () => {
  it('is told aloud and asked again', async () => {
    const { driver } = await rig.start();
    rig.origin.wish('s1', toRun('sleep'));
    await rig.until('s1 runs', () => rig.isReady('s1'));
    rig.backend.knobs.stopMs = 400_000;
    rig.origin.wish('s1', { want: sync.Want.STOPPED });
    await rig.until('it is told', () => reasonOf('s1', 'Stalled') === 'StopTimeout', 200_000);
    expect(driver().calls.get('remove')).toBeGreaterThan(1);
    await rig.until('it is stopped at last', () => reasonOf('s1') === 'StoppedByUser', 400_000);
  });
});

describe('a schedule', () => {
  const minute = (ahead: number) => {
    const at = new Date(rig.clock.now() + ahead * 60_000);
    return at.getUTCHours() * 60 + at.getUTCMinutes();
  };
  const every = (from: number, to: number) => ({ days: [0, 1, 2, 3, 4, 5, 6], from: minute(from), to: minute(to) });

  it('stops a space at the end of its window and starts it with the next one, with the origin away', async () => {
    await rig.start();
    const windows = [every(-60, 3), every(6, 60)];
    rig.origin.wish('s1', {
      ...toRun('sleep', { volumes: 'home' }),
      schedule: { timezone: 'UTC', windows, autoStart: true },
    });
    await rig.until('s1 runs', () => rig.isReady('s1'));
    const { instance } = rig.backend.get('s1') ?? {};
    rig.origin.cut();
    await rig.pass(2 * 60_000);
    expect(rig.backend.get('s1')?.instance).toBe(instance);
    await rig.until('its window is over', () => rig.backend.get('s1') === null, 90_000);
    expect([...rig.backend.volumes.keys()]).toEqual(['knot-s1-home']);
    await rig.until('the next one has begun', () => rig.backend.countRunning('s1') === 1, 5 * 60_000);
    rig.origin.back();
    await rig.until('it is told', () => rig.isReady('s1'));
  });

  it('says why a space is stopped, and holds it back only where it says so', async () => {
    await rig.start();
    const schedule = { timezone: 'UTC', windows: [every(-60, 1)] };
    rig.origin.wish('s1', { ...toRun('sleep'), schedule });
    const extendedUntil = BigInt(rig.clock.now() + 10 * 60_000);
    rig.origin.wish('s2', { ...toRun('sleep', { id: 's2' }), schedule, extendedUntil });
    await rig.until('both run', () => rig.isReady('s1') && rig.isReady('s2'));
    await rig.until('s1 is stopped', () => reasonOf('s1') === 'StoppedBySchedule', 120_000);
    expect(rig.condition('s1', 'Ready')?.message).toMatch(/^Its schedule has stopped it; it can be started from /);
    expect(rig.backend.countRunning('s2')).toBe(1);
    await rig.until('s2 is stopped', () => reasonOf('s2') === 'StoppedBySchedule', 11 * 60_000);
    expect(rig.backend.all()).toEqual([]);
  });
});
