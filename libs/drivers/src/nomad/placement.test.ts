import { describe, expect, it } from 'vitest';
import { placementFailures, placementWords } from './placement.js';

const metrics = { NodePool: 'default', NodesInPool: 3, NodesEvaluated: 3, NodesAvailable: { dc1: 3 } };

describe('why no node can take a group', () => {
  it.each([
    [{ ...metrics, ConstraintFiltered: { 'missing drivers': 3 } }, '3 nodes refused by the task driver'],
    [{ ...metrics, ConstraintFiltered: { 'missing compatible host volumes': 1 } }, '1 node refused by a host volume'],
    [{ ...metrics, ConstraintFiltered: { '${attr.kernel.name} = plan9': 3 } }, '"${attr.kernel.name} = plan9"'],
    [
      { ...metrics, DimensionExhausted: { memory: 2 }, ResourcesExhausted: { t: { MemoryMB: 4096 } } },
      '2 nodes without enough memory (4096 MB asked for)',
    ],
    [{ ...metrics, QuotaExhausted: ['memory exhausted'] }, 'the quota is used up (memory exhausted)'],
    [{ NodePool: 'gpu', NodesInPool: 0, NodesEvaluated: 0 }, 'the node pool gpu has no ready node'],
    [metrics, 'no reason'],
  ])('%j', (given, words) => expect(placementWords(given)).toContain(words));

  it('is told by the newest evaluation that waits, and by none once it was placed', () => {
    const blocked = { ID: 'e1', Status: 'blocked', CreateIndex: 2, CreateTime: 5e15, FailedTGAllocs: { g: metrics } };
    const [failure] = placementFailures([{ ...blocked, ID: 'e0', CreateIndex: 1 }, blocked]);
    expect(failure).toMatchObject({
      group: 'g',
      event: { id: 'eval:e1:g', at: 5e9 },
      trouble: { reason: 'NotPlaceable' },
    });
    expect(placementFailures([{ ...blocked, Status: 'complete' }])).toEqual([]);
  });
});
