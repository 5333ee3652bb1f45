import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sync } from '@knot/contract';
import { Faults } from '@knot/drivers/fake';
import { KnotError } from '@knot/shared/errors';
import { JumpingClock } from '../testing/jumping-clock.js';
import { LeafRig, toRun, type RigLeaf } from '../testing/leaf-rig.js';

let rig: LeafRig;
beforeEach(async () => {
  rig = await LeafRig.open({ placementMs: 100, healthMs: 200, stopMs: 100, volumeMs: 50 });
});
afterEach(() => rig.close());

async function running(...ids: string[]): Promise<RigLeaf> {
  const started = await rig.start();
  for (const id of ids) rig.origin.wish(id, toRun('sleep', { volumes: 'home', id }));
  await rig.until('all run', () => ids.every((id) => rig.isReady(id)));
  return started;
}

describe('a leaf that has just been started', () => {
  it('does not call a backend not ready that it has not looked at yet', async () => {
    rig.faults.add({ call: 'health', kind: 'hang', when: 'before', times: 1 });
    const { leaf } = await rig.start();
    await rig.until('it follows', () => leaf.state().stage === 'following');
    await rig.pass(2_000);
    expect(rig.origin.locationStatus).toBeNull();
    await rig.until('it says that the backend does not answer', () => rig.origin.locationStatus !== null);
    expect(rig.origin.locationStatus?.platforms).toMatchObject([{ ready: false }]);
    expect(rig.origin.locationStatus?.platforms[0]?.message).not.toBe('');
    await rig.until('it says that it is ready', () => rig.origin.locationStatus?.platforms[0]?.ready === true);
  });
});

describe('the credential of a leaf', () => {
  it.each([1_000_000, -1_000_000])('is renewed in time by a clock that is %d ms ahead', async (ms) => {
    rig.origin.credentialLifeMs = 100_000;
    const clock = new JumpingClock(rig.clock);
    clock.wallAhead = ms;
    await rig.start('disk', { clock });
    await rig.pass(70_000);
    expect(rig.origin.enrolments).toHaveLength(1);
    await rig.pass(20_000);
    expect(rig.origin.enrolments).toHaveLength(2);
  });
});

describe('while the origin is away', () => {
  it('a leaf starts from its disk, heals what was killed, and later catches up without a listing', async () => {
    const first = await running('s1', 's2');
    await first.stop();
    rig.origin.cut();
    rig.backend.purge('s1');
    const second = await rig.start();
    expect(second.leaf.state().ready).toBe(true);
    await rig.until('s1 is back', () => rig.backend.countRunning('s1') === 1);
    rig.backend.kill('s2');
    await rig.until('s2 is back', () => rig.backend.countRunning('s2') === 1);
    const lists = rig.origin.lists;
    rig.origin.back();
    rig.origin.wish('s1', { want: sync.Want.STOPPED });
    await rig.until('the wish arrives', () => rig.condition('s1', 'Ready')?.reason === 'StoppedByUser');
    await rig.until('what was healed is told', () =>
      Boolean(rig.origin.statuses.get('s2')?.events.some(({ reason }) => reason === 'Exited')),
    );
    expect(rig.origin.lists).toBe(lists);
  });

  it('a leaf without the lock puts back what it had applied, and neither creates nor removes anything', async () => {
    rig.backend.knobs.lockAvailable = false;
    const { leaf } = await running('s1', 's2');
    rig.faults.add({ call: 'apply', space: 's3', kind: 'forbidden', when: 'before', times: Infinity });
    rig.faults.add({ call: 'remove', kind: 'unavailable', when: 'before', times: Infinity });
    rig.origin.wish('s2', { want: sync.Want.STOPPED });
    rig.origin.wish('s3', toRun('never applied'));
    await rig.until(
      'both are stored',
      () => leaf.state().spaces === 3 && leaf.state().position?.rev === rig.origin.rev,
    );
    await rig.pass(1_000);
    rig.origin.cut();
    await rig.until('it may only put back', () => leaf.state().platforms[0]?.authority === 'reapply', 120_000);
    rig.faults.clear();
    rig.backend.purge('s1');
    await rig.until('s1 is back', () => rig.backend.countRunning('s1') === 1, 60_000);
    await rig.pass(60_000);
    expect(rig.backend.get('s3')).toBeNull();
    rig.origin.back();
    await rig.until('the rest is done once it may', () => rig.backend.countRunning('s3') === 1, 60_000);
    await rig.until('s2 is stopped', () => rig.backend.get('s2') === null, 60_000);
  });

  it.each([
    ['of another version', () => (rig.origin.protocol = 0), 'protocol.version'],
    [
      'that knows its credential no more',
      () => (rig.origin.refusal = new KnotError('auth.failed', 'No.')),
      'auth.failed',
    ],
  ])('or is one %s, the leaf says why, goes on, and comes back by itself', async (_what, change, code) => {
    const { leaf } = await running('s1');
    change();
    rig.origin.cut();
    rig.origin.back();
    await rig.until('it says why', () => leaf.state().problem?.code === code, 60_000);
    rig.backend.kill('s1');
    await rig.until('s1 is healed', () => rig.backend.countRunning('s1') === 1);
    rig.origin.protocol = 1;
    rig.origin.refusal = null;
    await rig.until('it follows', () => leaf.state().stage === 'following', 60_000);
    expect(leaf.state().problem).toBeNull();
  });
});

describe('the credential of a leaf', () => {
  it('is traded for a fresh one without the token when a quarter of its life is left', async () => {
    rig.origin.credentialLifeMs = 60_000;
    const { leaf } = await running('s1');
    const { enrolments } = rig.origin;
    await rig.pass(40_000);
    expect(enrolments.map(({ token }) => token)).toEqual(['shared']);
    await rig.until('it is traded', () => enrolments.length === 2, 20_000);
    expect(enrolments.map(({ token }) => token)).toEqual(['shared', '']);
    expect(enrolments[1]).toMatchObject({ instance: enrolments[0]?.instance });
    await rig.pass(5_000);
    expect(leaf.state()).toMatchObject({ stage: 'following', problem: null });
  });
});

describe('following', () => {
  it('comes again when the stream falls silent', async () => {
    const { leaf } = await running('s1');
    rig.origin.silent = true;
    rig.origin.wish('s1', { want: sync.Want.STOPPED });
    await rig.pass(20_000);
    expect(rig.isReady('s1')).toBe(false);
    await rig.until('the silence is noticed', () => leaf.state().problem !== null, 20_000);
    rig.origin.silent = false;
    await rig.until('s1 is stopped', () => rig.backend.get('s1') === null);
  });

  it('says why nothing is taken up while its disk is full, and starts what was wished once there is room', async () => {
    const { store } = await running('s1');
    const full = new KnotError('store.unavailable', 'the disk of the database is full', 'Make room on it.');
    const applying = vi.spyOn(store, 'applyChanges').mockRejectedValue(full);
    rig.origin.wish('s2', toRun('sleep', { id: 's2' }));
    const told = () => rig.origin.locationStatus?.platforms[0];
    await rig.until('it is told', () => told()?.ready === false, 30_000);
    expect(told()?.message).toBe('The leaf takes up nothing new: the disk of the database is full. Make room on it.');
    expect(rig.isReady('s1')).toBe(true);
    applying.mockRestore();
    await rig.until('s2 runs', () => rig.isReady('s2'), 30_000);
    await rig.until('it is told that all is well', () => told()?.ready === true, 30_000);
  });

  it('never deletes by absence: what a listing does not name is an orphan, listed with what the leaf holds', async () => {
    const { leaf } = await running('s1', 's2');
    rig.origin.spaces.delete('s1');
    rig.origin.restore('epoch-2');
    await rig.until('the orphan is told', () => rig.origin.orphans.length === 1, 60_000);
    expect(rig.origin.orphans[0]).toMatchObject({ spaceId: 's1', platform: 'local', owner: 'ann' });
    expect(rig.origin.orphans[0]?.lastKnown?.snapshot?.job).toBe('sleep');
    rig.backend.kill('s1');
    await rig.pass(1_300_000);
    expect(rig.backend.get('s1')).not.toBeNull();
    expect(rig.backend.volumes.has('knot-s1-home')).toBe(true);
    expect(rig.backend.countRunning('s1')).toBe(0);
    expect(rig.backend.countRunning('s2')).toBe(1);
    expect(leaf.state().orphans).toBe(1);
  });

  it('reports everything again to an origin of another epoch', async () => {
    await running('s1', 's2');
    rig.origin.statuses.clear();
    rig.origin.restore('epoch-2');
    await rig.until('all is told again', () => rig.origin.statuses.size === 2, 60_000);
  });

  it('takes an orphan up again, or away with its volumes, on a person’s word', async () => {
    await running('s1', 's2');
    const [s1, s2] = [rig.origin.spaces.get('s1'), rig.origin.spaces.get('s2')];
    rig.origin.spaces.clear();
    rig.origin.restore('epoch-2');
    await rig.until('both are orphans', () => rig.origin.orphans.length === 2, 60_000);
    const instance = rig.backend.get('s1')?.instance;
    if (s1) rig.origin.putSpace({ ...s1, generation: 1n });
    if (s2) rig.origin.putSpace({ ...s2, generation: 1n, want: sync.Want.DELETED });
    await rig.until('s1 is a space again', () => rig.isReady('s1'));
    await rig.until('s2 is gone', () => !rig.origin.spaces.has('s2'));
    expect(rig.backend.get('s1')?.instance).toBe(instance);
    expect([...rig.backend.volumes.keys()]).toEqual(['knot-s1-home']);
    await rig.until('none is left', () => rig.origin.orphans.length === 0, 60_000);
  });

  it('removes an orphan that nobody remembers, with its volumes', async () => {
    const first = await running('s1');
    await first.stop();
    rig.origin.spaces.clear();
    rig.origin.statuses.clear();
    rig.origin.restore('epoch-2');
    await rig.start('new disk');
    await rig.until('the orphan is told', () => rig.origin.orphans.length === 1, 90_000);
    rig.origin.wish('s1', { want: sync.Want.DELETED });
    await rig.until('it is gone', () => !rig.origin.spaces.has('s1'));
    expect(rig.backend.all()).toHaveLength(0);
    expect(rig.backend.volumes.size).toBe(0);
  });

  it('goes on where a leaf with a lost disk had been, without restarting anything', async () => {
    const first = await running('s1');
    rig.origin.wish('s1', { restarts: 2n });
    await rig.until('it is restarted', () => rig.isReady('s1'));
    const instance = rig.backend.get('s1')?.instance;
    await first.stop();
    await rig.start('new disk');
    await rig.until('it follows', () => rig.origin.lists === 2, 90_000);
    await rig.pass(60_000);
    expect(rig.backend.get('s1')?.instance).toBe(instance);
  });

  it('tells the latest of each object, never an older one after it', async () => {
    await running('s1', 's2');
    for (let round = 0; round < 5; round++) {
      rig.origin.wish('s1', { want: sync.Want.STOPPED });
      rig.origin.wish('s2', { restarts: BigInt(round) });
      await rig.pass(300);
      rig.origin.cut();
      await rig.pass(700);
      rig.origin.back();
      rig.origin.wish('s1', toRun(`sleep ${round}`));
      await rig.pass(1_000);
    }
    await rig.until('both run', () => rig.isReady('s1') && rig.isReady('s2'), 60_000);
    for (const id of ['s1', 's2']) {
      const told = rig.origin.reports.filter((status) => status.id === id);
      const sequences = told.map(({ sequence }) => sequence);
      expect(sequences).toEqual([...sequences].sort((a, b) => Number(a - b)));
      const generations = told.map(({ observedGeneration }) => observedGeneration);
      expect(generations).toEqual([...generations].sort((a, b) => Number(a - b)));
    }
  });
});

describe('two leaves of one location', () => {
  it('the second is refused, says why, does nothing, and takes over when the first has gone', async () => {
    const first = await running('s1');
    const second = await rig.start('other disk');
    await rig.until('it is refused', () => second.leaf.state().stage === 'standby');
    expect(second.leaf.state().problem).toMatchObject({ code: 'location.duplicate' });
    expect(rig.logLines.join('')).toContain('DuplicateLocation');
    rig.backend.purge('s1');
    await rig.until('the first heals', () => rig.backend.countRunning('s1') === 1);
    await first.stop();
    await rig.until('the second follows', () => second.leaf.state().stage === 'following', 60_000);
    rig.backend.kill('s1');
    await rig.until('the second heals', () => rig.backend.countRunning('s1') === 1);
  });

  it('a leaf that was cut off from everything does nothing with its old term when it is back', async () => {
    const faults = new Faults();
    let cutOff = false;
    const client = rig.origin.client();
    const gated = new Proxy(client, {
      get: (target, name: keyof typeof client) =>
        name === 'useCredential' || name === 'close'
          ? target[name].bind(target)
          : (...args: never[]) => {
              if (cutOff) throw new KnotError('server.unavailable', 'Cut off.');
              return Reflect.apply(target[name], target, args);
            },
    });
    const first = await rig.start('first', { sync: gated, faults });
    rig.origin.wish('s1', toRun('sleep'));
    await rig.until('s1 runs', () => rig.isReady('s1'));
    cutOff = true;
    faults.program = () => ({ kind: 'unavailable', when: 'before' });
    const second = await rig.start('second');
    await rig.until('the second takes over', () => second.leaf.state().stage === 'following', 90_000);
    rig.origin.wish('s1', { want: sync.Want.STOPPED });
    await rig.until('s1 is stopped', () => rig.backend.get('s1') === null, 60_000);
    faults.clear();
    await rig.pass(60_000);
    expect(rig.backend.get('s1')).toBeNull();
    cutOff = false;
    await rig.pass(60_000);
    expect(first.leaf.state().stage).toBe('standby');
    expect(rig.backend.get('s1')).toBeNull();
  });

  it.each(['lockAvailable', 'no lock'])(
    'a frozen one wakes and does nothing before it has asked (%s)',
    async (lock) => {
      rig.backend.knobs.lockAvailable = lock === 'lockAvailable';
      const clock = new JumpingClock(rig.clock);
      const { driver } = await rig.start('frozen', { clock });
      rig.origin.wish('s1', toRun('sleep'));
      await rig.until('s1 runs', () => rig.isReady('s1'));
      const applied = driver().calls.get('apply');
      clock.wallAhead += 60_000;
      clock.monotonicAhead += 60_000;
      rig.origin.lease = { holder: 'other', instance: 'other', term: 9, renewedAt: rig.clock.now() };
      rig.backend.purge('s1');
      await rig.pass(20_000);
      expect(driver().calls.get('apply')).toBe(applied);
      expect(rig.backend.get('s1')).toBeNull();
    },
  );
});

describe('neighbours on one backend', () => {
  it.each([
    ['locations', 'installation-1', 'there'],
    ['installations', 'installation-2', 'here'],
  ])('two %s never see each other’s objects, not as orphans either', async (_what, installation, location) => {
    await running('s1');
    rig.origin.restore('epoch-1');
    const other = new (rig.origin.constructor as new (clock: typeof rig.clock) => typeof rig.origin)(rig.clock);
    other.installation = installation;
    await rig.start('neighbour', { location, sync: other.client() });
    other.wish('n1', toRun('sleep'));
    await rig.until('the neighbour runs its own', () => other.statuses.get('n1')?.workload === 'healthy');
    await rig.pass(1_300_000);
    expect(other.orphans).toEqual([]);
    expect(rig.origin.orphans).toEqual([]);
    expect(rig.backend.countRunning('s1') + rig.backend.countRunning('n1')).toBe(2);
  });

  it('a leaf refuses an origin of another installation than its own', async () => {
    const { leaf } = await running('s1');
    rig.origin.installation = 'somebody else';
    rig.origin.cut();
    rig.origin.back();
    await rig.until(
      'it says so',
      () => leaf.state().problem?.message.includes('another installation') ?? false,
      60_000,
    );
    expect(rig.backend.countRunning('s1')).toBe(1);
  });

  it('a store of another location is refused at the start', async () => {
    const first = await running('s1');
    await first.stop();
    await expect(rig.start('disk', { location: 'elsewhere' })).rejects.toMatchObject({ code: 'config.invalid' });
  });
});
