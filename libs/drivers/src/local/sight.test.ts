import { expect, it, onTestFinished } from 'vitest';
import { ProcessTable, type ProcessId } from './processes.js';
import { lookAtSpace } from './sight.js';
import { SpaceFolder } from './space-folder.js';
import { machineClock } from './testing/machine.js';
import { SpaceOnMachine } from './testing/space-on-machine.js';
import { VolumeFolders } from './volume-folders.js';

/** A machine on which every process ends between the reading of its records and the look at it. */
class LateTable extends ProcessTable {
  override isAlive(process: ProcessId): boolean {
    const pause = new Int32Array(new SharedArrayBuffer(4));
    while (super.isAlive(process)) Atomics.wait(pause, 0, 0, 10);
    return false;
  }
}

it('a look tells how a workload ended that ends while it looks', async () => {
  const space = await SpaceOnMachine.create('command: "sleep 0.5; exit 7"', onTestFinished);
  await space.apply();
  const sight = await lookAtSpace(
    new SpaceFolder(space.root, space.mark),
    new LateTable(),
    new VolumeFolders(space.root, machineClock),
  );
  expect(sight).toMatchObject({ kind: 'own', life: 'ended', files: { exit: { code: 7 } } });
});
