import { expect, it, onTestFinished } from 'vitest';
import { newScope, type Stage } from './stage.js';

export function watchSuite(stage: () => Stage): void {
  it('asks for a list when it has connected', async () => {
    const { hints } = await startWatch(stage());
    expect(hints[0]).toBeNull();
  });

  it('hints at a space whose workload comes, dies and goes', async () => {
    const { hints } = await startWatch(stage());
    const spec = stage().newSpec();
    const { space } = spec.mark;
    const hinted = async (after: string) => {
      await stage().eventually(
        `hinted after ${after}`,
        () => hints,
        (seen) => seen.includes(space) || seen.includes(null),
      );
      hints.length = 0;
    };
    hints.length = 0;
    await stage().driver.apply(spec, '', stage().signal());
    await hinted('create');
    await stage().untilHealthy(spec);
    hints.length = 0;
    await stage().harness.world.kill(spec.mark);
    await hinted('death');
    await stage().bringUp(spec);
    hints.length = 0;
    await stage().harness.world.editBehindBack(spec.mark);
    await hinted('change');
    await stage().bringUp(spec);
    hints.length = 0;
    await stage().bringDown(spec);
    await hinted('remove');
  });

  it('does not hint at the spaces of others', async () => {
    const { hints } = await startWatch(stage());
    const spec = stage().newSpec(stage().harness.jobs.running, newScope());
    await stage().harness.open(spec.mark).apply(spec, '', stage().signal());
    await stage().passTime(500);
    expect(hints).not.toContain(spec.mark.space);
  });

  it('ends by its signal, and hints no more', async () => {
    const { hints, stop } = await startWatch(stage());
    await stop();
    hints.length = 0;
    const spec = stage().newSpec();
    await stage().driver.apply(spec, '', stage().signal());
    await stage().passTime(300);
    expect(hints).toEqual([]);
  });
}

/** For backends behind a connection. */
export function reconnectSuite(stage: () => Stage): void {
  it('connects again by itself and asks for a list then', async () => {
    const { cutWatches } = stage().harness.world;
    if (!cutWatches) throw new Error('The harness cannot cut watches, and does not say that there is nothing to cut.');
    const { hints } = await startWatch(stage());
    hints.length = 0;
    await cutWatches();
    await stage().eventually(
      'connected again',
      () => hints,
      (seen) => seen.includes(null),
    );
    const spec = stage().newSpec();
    hints.length = 0;
    await stage().driver.apply(spec, '', stage().signal());
    await stage().eventually(
      'hinted',
      () => hints,
      (seen) => seen.includes(spec.mark.space),
    );
  });
}

async function startWatch(stage: Stage) {
  const hints: (string | null)[] = [];
  const ending = new AbortController();
  const ended = stage.driver.watch((space) => hints.push(space), ending.signal);
  const stop = () => {
    ending.abort();
    return ended;
  };
  onTestFinished(stop);
  await stage.eventually(
    'connected',
    () => hints,
    (seen) => seen.length > 0,
  );
  return { hints, stop };
}
