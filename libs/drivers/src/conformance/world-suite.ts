import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { newScope, refusal, type Stage } from './stage.js';

/** What happens behind the driver's back, and what is not its own. */
export function worldSuite(stage: () => Stage): void {
  it('shows a workload that died behind its back as over, and puts it back when told', async () => {
    const spec = stage().newSpec();
    const before = await stage().bringUp(spec);
    await stage().harness.world.kill(spec.mark);
    await stage().until(
      spec,
      'over',
      (seen) => seen.state !== 'present' || seen.instance !== before.instance || seen.health !== 'healthy',
    );
    const after = await stage().bringUp(spec);
    expect(after.instance).not.toBe(before.instance);
    expect(await stage().harness.world.countRunning(spec.mark)).toBe(1);
  });

  it('tells the exit code of a workload that ended by itself, and starts it anew when applied', async () => {
    const spec = stage().newSpec(stage().harness.jobs.exits(3));
    await stage().driver.apply(spec, '', stage().signal());
    const ended = await stage().untilPresent(spec, 'ended', ({ health }) => health === 'ended');
    expect(ended.exitCode).toBe(3);
    expect(ended.trouble?.message).toContain('3');
    await stage().driver.apply(spec, ended.revision, stage().signal());
    const again = await stage().untilPresent(
      spec,
      'ended a second time',
      ({ health, instance }) => health === 'ended' && instance !== '' && instance !== ended.instance,
    );
    expect(again.exitCode).toBe(3);
  });

  it('tells an end without error from one with', async () => {
    const spec = stage().newSpec(stage().harness.jobs.exits(0));
    await stage().driver.apply(spec, '', stage().signal());
    const ended = await stage().untilPresent(spec, 'ended', ({ health }) => health === 'ended');
    expect(ended.exitCode).toBe(0);
  });

  it('sees a change behind its back as drift, and mends it when told', async () => {
    const spec = stage().newSpec();
    const before = await stage().bringUp(spec);
    await stage().harness.world.editBehindBack(spec.mark);
    const drifted = await stage().untilPresent(spec, 'drifted', ({ drift }) => drift !== null);
    expect(drifted.revision).not.toBe(before.revision);
    await refusal(stage().driver.apply(spec, before.revision, stage().signal()), 'backend.conflict');
    const mended = await stage().bringUp(spec);
    expect(mended.drift).toBeNull();
  });

  it('never calls a workload healthy that is not, and says why', async () => {
    const spec = stage().newSpec(stage().harness.jobs.neverHealthy);
    await stage().driver.apply(spec, '', stage().signal());
    const seen = await stage().untilPresent(spec, 'in trouble', ({ trouble }) => trouble !== null);
    expect(seen.health).not.toBe('healthy');
    expect(seen.trouble?.message).not.toBe('');
    await stage().passTime(1_000);
    expect(await stage().lookAtWorkload(spec)).not.toMatchObject({ health: 'healthy' });
  });

  it('neither touches nor removes nor lists an object that knot did not make', async () => {
    const spec = stage().newSpec();
    const { driver, harness } = stage();
    await harness.world.makeForeign(spec.mark);
    const seen = await stage().lookAtWorkload(spec);
    expect(seen.state).toBe('foreign');
    expect(seen.state === 'foreign' && seen.message).not.toBe('');
    await refusal(driver.apply(spec, '', stage().signal()), 'backend.foreign');
    await driver.remove(spec.mark, stage().signal());
    await stage().passTime(300);
    expect(await harness.world.foreignStands(spec.mark)).toBe(true);
    expect((await stage().lookAtWorkload(spec)).state).toBe('foreign');
    const listed = await driver.list(stage().signal());
    expect(listed.filter(({ space }) => space === spec.mark.space)).toEqual([]);
  });

  it('takes the same space of another location or installation for somebody else’s', async () => {
    const spec = stage().newSpec();
    const { instance } = await stage().bringUp(spec);
    for (const scope of [
      { ...stage().scope, location: `l-${randomUUID()}` },
      { ...stage().scope, installation: randomUUID() },
    ]) {
      const other = stage().harness.open(scope);
      const theirs = { ...spec, mark: { ...scope, space: spec.mark.space } };
      expect((await stage().lookAtWorkload(theirs, other)).state).not.toBe('present');
      await other.remove(theirs.mark, stage().signal());
      expect(await other.list(stage().signal())).toEqual([]);
    }
    await stage().passTime(300);
    expect(await stage().lookAtWorkload(spec)).toMatchObject({ state: 'present', health: 'healthy', instance });
  });

  it('lists exactly what bears its own mark', async () => {
    const [first, second] = [stage().newSpec(), stage().newSpec()];
    const elsewhere = stage().newSpec(stage().harness.jobs.running, newScope());
    const nextDoor = stage().newSpec(stage().harness.jobs.running, { ...stage().scope, location: `l-${randomUUID()}` });
    await stage().bringUp(first);
    await stage().bringUp(second);
    for (const spec of [elsewhere, nextDoor]) await stage().harness.open(spec.mark).apply(spec, '', stage().signal());
    const listed = await stage().driver.list(stage().signal());
    const workloads = listed.filter(({ kind }) => kind === 'workload');
    expect(workloads.map(({ space }) => space).sort()).toEqual([first.mark.space, second.mark.space].sort());
    for (const object of workloads) expect(object).toMatchObject({ owner: 'ann', name: 'a space' });
    expect(new Set(workloads.map(({ backendId }) => backendId)).size).toBe(2);
    const ofOne = await stage().driver.list(stage().signal(), first.mark.space);
    expect(ofOne.filter(({ space }) => space === first.mark.space)).toEqual(
      listed.filter(({ space }) => space === first.mark.space),
    );
  });

  it('tells what happened and what was said', async () => {
    const spec = stage().newSpec(stage().harness.jobs.exits(3));
    await stage().driver.apply(spec, '', stage().signal());
    await stage().untilPresent(spec, 'ended', ({ health }) => health === 'ended');
    const events = await stage().driver.events(spec.mark, stage().signal());
    expect(events.length).toBeGreaterThan(0);
    expect(events.length).toBeLessThanOrEqual(50);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const again = await stage().driver.events(spec.mark, stage().signal());
    expect(again.map(({ id }) => id)).toEqual(expect.arrayContaining(events.map(({ id }) => id)));
    const { events: seen } = await stage().look(spec);
    expect(seen.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect((await stage().driver.logs(spec.mark, 2, stage().signal())).length).toBeLessThanOrEqual(2);
  });

  it('has neither events nor log lines of a space that is not there', async () => {
    const { mark } = stage().newSpec();
    expect(await stage().driver.events(mark, stage().signal())).toEqual([]);
    expect(await stage().driver.logs(mark, 10, stage().signal())).toEqual([]);
  });
}
