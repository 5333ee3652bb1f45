import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sync } from '@knot/contract';
import { LeafRig } from '../testing/leaf-rig.js';
import { standaloneVolume } from '../testing/standalone-volume.js';

let rig: LeafRig;
beforeEach(async () => {
  rig = await LeafRig.open({ volumeMs: 500 });
});
afterEach(() => rig.close());

describe('a standalone volume', () => {
  it('is made, kept, made again when it was taken away, and destroyed by its own word only', async () => {
    await rig.start();
    rig.origin.putVolume(standaloneVolume('v1', 1n, sync.Want.RUNNING));
    await rig.until('it is ready', () => rig.origin.volumeStatuses.get('v1')?.state === 'ready');
    expect([...rig.backend.volumes.keys()]).toEqual(['knot-v1-shared']);
    rig.backend.volumes.clear();
    rig.backend.cutWatches();
    await rig.until('it is there again', () => rig.backend.volumes.size === 1);
    rig.origin.putVolume(standaloneVolume('v1', 2n, sync.Want.STOPPED));
    await rig.until('it is gone', () => rig.origin.volumeStatuses.get('v1')?.state === 'absent');
    expect(rig.backend.volumes.size).toBe(0);
    rig.origin.putVolume(standaloneVolume('v1', 3n, sync.Want.RUNNING));
    await rig.until('it is made anew', () => rig.backend.volumes.size === 1);
    rig.origin.putVolume(standaloneVolume('v1', 4n, sync.Want.DELETED));
    await rig.until('its row is gone', () => !rig.origin.volumes.has('v1'));
    expect(rig.backend.volumes.size).toBe(0);
  });

  it('that cannot be made says why', async () => {
    rig.backend.knobs.failingVolumes = { shared: 'no node has that plugin' };
    await rig.start();
    rig.origin.putVolume(standaloneVolume('v1', 1n, sync.Want.RUNNING));
    await rig.until('it says why', () => rig.origin.volumeStatuses.get('v1')?.state === 'failed');
    const [condition] = rig.origin.volumeStatuses.get('v1')?.conditions ?? [];
    expect(condition).toMatchObject({ reason: 'VolumeFailed', message: 'no node has that plugin' });
  });
});
