import { expect, it } from 'vitest';
import type { VolumeRef } from '@knot/domain';
import type { WorkloadSpec } from '../driver.js';
import { refusal, type Stage } from './stage.js';

export function volumeSuite(stage: () => Stage): void {
  it('names the volumes of a spec the same way each time, for this space alone', async () => {
    const { names } = stage().harness.volumes;
    const [one, two] = [stage().withVolumes(), stage().withVolumes()];
    const refs = await stage().driver.volumesOf(one, stage().signal());
    expect(refs.map(({ name }) => name.replaceAll(one.mark.space, '{{space}}')).sort()).toEqual([...names].sort());
    expect(await stage().driver.volumesOf(one, stage().signal())).toEqual(refs);
    const others = await stage().driver.volumesOf(two, stage().signal());
    const all = [...refs, ...others].map(({ backendId }) => backendId);
    expect(new Set(all).size).toBe(all.length);
    expect(await stage().driver.volumesOf(stage().newSpec(), stage().signal())).toEqual([]);
  });

  it('makes the missing volumes, once', async () => {
    const spec = stage().withVolumes();
    const refs = await stage().driver.volumesOf(spec, stage().signal());
    expect(await statesOf(stage(), spec, refs)).toEqual(refs.map(() => 'missing'));
    await createVolumes(stage(), spec, refs);
    await keep(stage(), refs, 'kept');
    await createVolumes(stage(), spec, refs);
    await expectKept(stage(), refs, 'kept');
  });

  it('keeps volumes over apply, change and remove, and destroys them on the word only', async () => {
    const spec = stage().withVolumes();
    const refs = await stage().driver.volumesOf(spec, stage().signal());
    await createVolumes(stage(), spec, refs);
    await keep(stage(), refs, 'precious');
    await stage().bringUp(spec);
    await stage().bringUp(stage().withJob(spec, `${spec.job}\n`));
    await stage().bringDown(spec);
    expect(await statesOf(stage(), spec, refs)).toEqual(refs.map(() => 'ready'));
    await expectKept(stage(), refs, 'precious');
    await stage().driver.destroyVolumes(spec.mark, refs, stage().signal());
    await untilStates(stage(), spec, refs, 'missing');
    await expectKept(stage(), refs, null);
    await stage().driver.destroyVolumes(spec.mark, refs, stage().signal());
  });

  it('does not destroy a volume that runs are using', async () => {
    const spec = stage().withVolumes();
    const refs = await stage().driver.volumesOf(spec, stage().signal());
    await createVolumes(stage(), spec, refs);
    await stage().bringUp(spec);
    await refusal(stage().driver.destroyVolumes(spec.mark, refs, stage().signal()), 'backend.conflict');
    expect(await statesOf(stage(), spec, refs)).toEqual(refs.map(() => 'ready'));
    expect(await stage().lookAtWorkload(spec)).toMatchObject({ health: 'healthy' });
  });

  it('does not destroy the volume of another space', async () => {
    const [mine, theirs] = [stage().withVolumes(), stage().withVolumes()];
    const refs = await stage().driver.volumesOf(theirs, stage().signal());
    await createVolumes(stage(), theirs, refs);
    await keep(stage(), refs, 'theirs');
    await stage()
      .driver.destroyVolumes(mine.mark, refs, stage().signal())
      .catch((error: unknown) => {
        return refusal(Promise.reject(error), 'backend.foreign');
      });
    expect(await statesOf(stage(), theirs, refs)).toEqual(refs.map(() => 'ready'));
    await expectKept(stage(), refs, 'theirs');
  });

  it('lists the volumes that bear its mark', async () => {
    const spec = stage().withVolumes();
    const refs = await stage().driver.volumesOf(spec, stage().signal());
    await createVolumes(stage(), spec, refs);
    const listed = (await stage().driver.list(stage().signal())).filter(({ kind }) => kind === 'volume');
    const own = listed.filter(({ space }) => space === spec.mark.space);
    expect(own.map(({ backendId }) => backendId).sort()).toEqual(refs.map(({ backendId }) => backendId).sort());
  });
}

async function createVolumes(stage: Stage, spec: WorkloadSpec, refs: readonly VolumeRef[]): Promise<void> {
  await stage.driver.createVolumes(spec, refs, stage.signal());
  await untilStates(stage, spec, refs, 'ready');
}

async function statesOf(stage: Stage, spec: WorkloadSpec, refs: readonly VolumeRef[]): Promise<readonly string[]> {
  const { volumes } = await stage.look(spec, refs);
  return refs.map(({ backendId }) => volumes.find((volume) => volume.backendId === backendId)?.state ?? 'not told');
}

async function untilStates(stage: Stage, spec: WorkloadSpec, refs: readonly VolumeRef[], state: string): Promise<void> {
  await stage.eventually(
    state,
    () => statesOf(stage, spec, refs),
    (states) => states.every((seen) => seen === state),
  );
}

async function keep({ harness }: Stage, refs: readonly VolumeRef[], text: string): Promise<void> {
  for (const ref of refs) await harness.world.data.write(ref, text);
}

async function expectKept({ harness }: Stage, refs: readonly VolumeRef[], text: string | null): Promise<void> {
  expect(await Promise.all(refs.map((ref) => harness.world.data.read(ref)))).toEqual(refs.map(() => text));
}
