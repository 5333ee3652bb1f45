import { expect, it } from 'vitest';
import { refusal, TERMINAL, type Stage } from './stage.js';

export function workloadSuite(stage: () => Stage): void {
  it('says whether it is ready and which version it drives', async () => {
    const { driver, signal } = at(stage);
    const health = await driver.health(signal());
    expect(health).toMatchObject({ ready: true, trouble: null });
    expect(health.version).not.toBe('');
  });

  it('sees nothing where nothing is', async () => {
    expect(await stage().lookAtWorkload(stage().newSpec())).toEqual({ state: 'absent' });
  });

  it('makes a workload that becomes healthy', async () => {
    const spec = stage().newSpec();
    const answer = await stage().driver.apply(spec, '', stage().signal());
    expect(answer.revision).not.toBe('');
    const workload = await stage().untilHealthy(spec);
    expect(workload).toMatchObject({ drift: null, exitCode: null, trouble: null });
    expect(workload.instance).not.toBe('');
    expect(await stage().harness.world.countRunning(spec.mark)).toBe(1);
  });

  it('is found again by a new driver of the same scope', async () => {
    const spec = stage().newSpec();
    const before = await stage().bringUp(spec);
    const again = await stage().lookAtWorkload(spec, stage().harness.open(stage().scope));
    expect(again).toMatchObject({ state: 'present', health: 'healthy', instance: before.instance, drift: null });
  });

  it('leaves the instance alone when the same spec is applied again', async () => {
    const spec = stage().newSpec();
    const before = await stage().bringUp(spec);
    await stage().driver.apply(spec, before.revision, stage().signal());
    await stage().passTime(300);
    const after = await stage().untilHealthy(spec);
    expect(after.instance).toBe(before.instance);
    expect(await stage().harness.world.countRunning(spec.mark)).toBe(1);
  });

  it('refuses to apply over what it did not see', async () => {
    const { driver, signal } = at(stage);
    const spec = stage().newSpec();
    await refusal(driver.apply(spec, '1', signal()), 'backend.conflict');
    expect(await stage().lookAtWorkload(spec)).toEqual({ state: 'absent' });
    const first = await stage().bringUp(spec);
    const changed = stage().withJob(spec, stage().harness.jobs.changed);
    await refusal(driver.apply(changed, '', signal()), 'backend.conflict');
    const second = await stage().bringUp(changed);
    await refusal(driver.apply(spec, first.revision, signal()), 'backend.conflict');
    expect(await stage().lookAtWorkload(changed)).toMatchObject({ instance: second.instance, drift: null });
  });

  it('lets one of two creators at the same moment win', async () => {
    const { driver, signal } = at(stage);
    const spec = stage().newSpec();
    const other = stage().harness.open(stage().scope);
    const answers = await Promise.allSettled([driver.apply(spec, '', signal()), other.apply(spec, '', signal())]);
    expect(answers.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const answer of answers) {
      if (answer.status === 'rejected') await refusal(Promise.reject(answer.reason), 'backend.conflict');
    }
    await stage().untilHealthy(spec);
    expect(await stage().harness.world.countRunning(spec.mark)).toBe(1);
  });

  it('replaces the workload when the spec changes', async () => {
    const spec = stage().newSpec();
    const before = await stage().bringUp(spec);
    const changed = stage().withJob(spec, stage().harness.jobs.changed);
    const seen = await stage().lookAtWorkload(changed);
    expect(seen).toMatchObject({ state: 'present' });
    expect(seen.state === 'present' && seen.drift).toBeTruthy();
    const after = await stage().bringUp(changed);
    expect(after.instance).not.toBe(before.instance);
    expect(after.revision).not.toBe(before.revision);
    await stage().eventually(
      'one instance',
      () => stage().harness.world.countRunning(spec.mark),
      (count) => count === 1,
    );
  });

  it('tells in a plan what an apply would do, and changes nothing', async () => {
    const { driver, signal } = at(stage);
    const spec = stage().newSpec();
    expect((await driver.plan(spec, signal())).changes.length).toBeGreaterThan(0);
    expect(await stage().lookAtWorkload(spec)).toEqual({ state: 'absent' });
    const { instance } = await stage().bringUp(spec);
    expect((await driver.plan(spec, signal())).changes).toEqual([]);
    const changed = stage().withJob(spec, stage().harness.jobs.changed);
    expect((await driver.plan(changed, signal())).changes.length).toBeGreaterThan(0);
    expect(await stage().lookAtWorkload(spec)).toMatchObject({ instance, drift: null });
  });

  it('removes the workload, again without harm, and where nothing is', async () => {
    const { driver, signal } = at(stage);
    const spec = stage().newSpec();
    await driver.remove(spec.mark, signal());
    await stage().bringUp(spec);
    await stage().bringDown(spec);
    expect(await stage().lookAtWorkload(spec)).toEqual({ state: 'absent' });
    expect(await stage().harness.world.countRunning(spec.mark)).toBe(0);
    await driver.remove(spec.mark, signal());
    expect(await stage().lookAtWorkload(spec)).toEqual({ state: 'absent' });
  });

  it('starts a removed workload as a new instance', async () => {
    const spec = stage().newSpec();
    const before = await stage().bringUp(spec);
    await stage().bringDown(spec);
    expect((await stage().bringUp(spec)).instance).not.toBe(before.instance);
  });

  it('refuses an invalid job for good, and makes nothing', async () => {
    const { driver, signal } = at(stage);
    const spec = stage().newSpec(stage().harness.jobs.invalid);
    await refusal(driver.validate(spec, signal()), ...TERMINAL);
    await refusal(driver.apply(spec, '', signal()), ...TERMINAL);
    expect(await stage().lookAtWorkload(stage().withJob(spec, stage().harness.jobs.running))).toEqual({
      state: 'absent',
    });
  });

  it('refuses by name what the policy does not allow, and makes nothing', async () => {
    const { driver, signal } = at(stage);
    const { job, names } = stage().harness.jobs.policyViolating;
    const spec = stage().newSpec(job);
    expect((await refusal(driver.validate(spec, signal()), 'template.policy')).message).toContain(names);
    expect((await refusal(driver.apply(spec, '', signal()), 'template.policy')).message).toContain(names);
    expect(await stage().lookAtWorkload(stage().withJob(spec, stage().harness.jobs.running))).toEqual({
      state: 'absent',
    });
  });

  it('accepts a valid job without making anything', async () => {
    const { driver, signal } = at(stage);
    const spec = stage().newSpec();
    await driver.validate(spec, signal());
    expect(await stage().lookAtWorkload(spec)).toEqual({ state: 'absent' });
  });

  it('gives a call up when its signal says so', async () => {
    const { driver } = at(stage);
    const spec = stage().newSpec();
    const gone = AbortSignal.abort();
    await refusal(driver.observe({ mark: spec.mark, volumes: [], spec, verified: '' }, gone), 'backend.unavailable');
    await refusal(driver.apply(spec, '', gone), 'backend.unavailable');
    await refusal(driver.remove(spec.mark, gone), 'backend.unavailable');
    await refusal(driver.list(gone), 'backend.unavailable');
    expect(await stage().lookAtWorkload(spec)).toEqual({ state: 'absent' });
  });
}

function at(stage: () => Stage) {
  const { driver } = stage();
  return { driver, signal: () => stage().signal() };
}
