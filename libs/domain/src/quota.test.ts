import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveLimits, isLimited, quotaProblem, usageOf, type CountedSpace } from './quota.js';

const limits = (maxSpaces = 0, maxRunning = 0, computeUnits = 0, storageUnits = 0) => ({
  maxSpaces,
  maxRunning,
  computeUnits,
  storageUnits,
});
const space = (change: Partial<CountedSpace>): CountedSpace => ({
  id: 's',
  want: 'running',
  snapshotHash: 'h',
  computeUnits: 2,
  storageUnits: 10,
  ...change,
});

describe('quotas', () => {
  it('add those of the groups to the user’s own, and nothing anywhere is unlimited', () => {
    expect(effectiveLimits(limits(2), [limits(3), limits(0, 1)])).toEqual(limits(5, 1));
    expect(effectiveLimits(limits(), [limits(5)])).toEqual(limits(5));
    expect(isLimited(effectiveLimits(limits(), [limits()]))).toBe(false);
  });

  it('count compute while a space runs, and storage from its first start until it is gone', () => {
    expect(usageOf([space({}), space({ want: 'stopped' }), space({ want: 'stopped', snapshotHash: '' })])).toEqual(
      limits(3, 1, 2, 20),
    );
    expect(usageOf([space({ want: 'deleted' })])).toEqual(limits(1, 0, 0, 10));
  });

  it('let a space restart at exactly full storage', () => {
    const stopped = usageOf([space({ want: 'stopped' })]);
    expect(quotaProblem(limits(1, 1, 2, 10), stopped, usageOf([space({})]))).toBeNull();
  });

  it('say which one is used up and by how much', () => {
    const present = usageOf([space({})]);
    const next = usageOf([space({}), space({ id: 't' })]);
    expect(quotaProblem(limits(0, 0, 3), present, next)).toEqual({
      limit: 'computeUnits',
      message: 'This takes 2 more compute units beside the 2 in use, and 3 are the most.',
    });
  });

  it('never refuse what takes nothing more, even where a quota was lowered below what is used', () => {
    const anything = fc.record({
      maxSpaces: fc.nat(9),
      maxRunning: fc.nat(9),
      computeUnits: fc.nat(9),
      storageUnits: fc.nat(9),
    });
    fc.assert(
      fc.property(anything, anything, (given, present) => {
        expect(quotaProblem(given, present, present)).toBeNull();
      }),
    );
  });
});
