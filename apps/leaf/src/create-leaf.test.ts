import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sync } from '@knot/contract';
import { LeafRig, toRun } from './testing/leaf-rig.js';

let rig: LeafRig;
beforeEach(async () => {
  rig = await LeafRig.open({ placementMs: 100, healthMs: 200, stopMs: 100, volumeMs: 50 });
});
afterEach(() => rig.close());

describe('a leaf and its origin', () => {
  it('runs what is wished, tells how far it is, stops it and deletes it with its volumes', async () => {
    await rig.start();
    rig.origin.wish('s1', toRun('sleep', { volumes: 'home' }));
    await rig.until('s1 runs', () => rig.isReady('s1'));
    expect(rig.backend.countRunning('s1')).toBe(1);
    expect(rig.origin.statuses.get('s1')?.phases.map(({ name }) => name)).toEqual([
      'Accepted',
      'Received',
      'Volumes',
      'Submitted',
      'Placed',
      'Started',
      'Ready',
    ]);
    rig.origin.wish('s1', { want: sync.Want.STOPPED });
    await rig.until('s1 is stopped', () => rig.condition('s1', 'Ready')?.reason === 'StoppedByUser');
    expect(rig.backend.get('s1')).toBeNull();
    expect(rig.backend.volumes.size).toBe(1);
    rig.origin.wish('s1', { want: sync.Want.DELETED });
    await rig.until('s1 is gone', () => !rig.origin.spaces.has('s1'));
    expect(rig.backend.volumes.size).toBe(0);
  });
});
