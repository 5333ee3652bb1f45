import { describe, expect, it } from 'vitest';
import type { ObservedSpace } from './observed.js';
import { phaseOf } from './phase.js';

function observed(observedGeneration: number, workload: ObservedSpace['workload']): ObservedSpace {
  return {
    ...{ id: 's', observedGeneration, workload, instance: '', exitCode: null, appliedHash: '', restartsSatisfied: 0 },
    ...{ conditions: [], volumes: [], phases: [], events: [], finalized: false, observedAt: 0 },
  };
}

describe('a space that is to be stopped', () => {
  const desired = { want: 'stopped', generation: 3 } as const;

  it('is not called stopped before its leaf has looked at it since: what it began before may run', () => {
    const seen = { desired, started: true, live: true };
    expect(phaseOf({ ...seen, observed: null })).toBe('Stopping');
    expect(phaseOf({ ...seen, observed: observed(1, 'absent') })).toBe('Stopping');
    expect(phaseOf({ ...seen, observed: observed(3, 'starting') })).toBe('Stopping');
    expect(phaseOf({ ...seen, observed: observed(3, 'absent') })).toBe('Stopped');
    expect(phaseOf({ ...seen, live: false, observed: observed(1, 'absent') })).toBe('Unknown');
  });

  it('is stopped without a look where it was never started', () => {
    expect(phaseOf({ desired, started: false, live: true, observed: null })).toBe('Stopped');
    expect(phaseOf({ desired, started: false, live: false, observed: null })).toBe('Stopped');
  });
});
