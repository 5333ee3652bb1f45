import { describe, expect, it } from 'vitest';
import type { Condition } from './condition.js';
import type { ObservedSpace } from './observed.js';
import { operationOutcome, type OperationInput } from './operation.js';

function observed(observedGeneration: number, change: Partial<ObservedSpace> = {}): ObservedSpace {
  return {
    id: 's',
    observedGeneration,
    conditions: [],
    workload: 'starting',
    instance: '',
    exitCode: null,
    volumes: [],
    phases: [],
    events: [],
    appliedHash: '',
    restartsSatisfied: 0,
    finalized: false,
    observedAt: 1,
    ...change,
  };
}

const condition = (type: Condition['type'], status: Condition['status']): Condition => {
  return { type, status, reason: 'Starting', message: `${type} is ${status}`, since: 1 };
};

const state = (input: Partial<OperationInput>) =>
  operationOutcome({
    generation: 2,
    want: 'running',
    desired: { generation: 2, want: 'running' },
    observed: null,
    ...input,
  });

describe('an operation', () => {
  it('to start has failed once the workload has ended by itself', () => {
    const ended = observed(2, { workload: 'ended', exitCode: 3, conditions: [condition('Ready', 'False')] });
    expect(state({ observed: ended })).toEqual({ state: 'failed', message: 'Ready is False' });
  });

  it('is pending until the leaf speaks of its generation', () => {
    expect(state({})).toMatchObject({ state: 'pending' });
    const ready = { conditions: [condition('Ready', 'True')] };
    expect(state({ observed: observed(1, ready) })).toMatchObject({ state: 'pending' });
    expect(state({ observed: observed(2, ready) })).toMatchObject({ state: 'succeeded' });
  });

  it('that cannot go on has failed, with the sentence', () => {
    const stalled = observed(2, { conditions: [condition('Stalled', 'True')] });
    expect(state({ observed: stalled })).toEqual({ state: 'failed', message: 'Stalled is True' });
  });

  it('is superseded by a later wish and by the end of its space, unless that is what it asked for', () => {
    expect(state({ desired: { generation: 3, want: 'stopped' } }).state).toBe('superseded');
    expect(state({ desired: null }).state).toBe('superseded');
    expect(state({ want: 'deleted', desired: null }).state).toBe('succeeded');
  });

  it('that stops has succeeded when nothing runs any more', () => {
    const stop = { want: 'stopped' as const, desired: { generation: 2, want: 'stopped' as const } };
    expect(state({ ...stop, observed: observed(2, { workload: 'stopping' }) }).state).toBe('pending');
    expect(state({ ...stop, observed: observed(2, { workload: 'absent' }) }).state).toBe('succeeded');
  });

  it('says what it waits for', () => {
    expect(state({ observed: observed(2, { conditions: [condition('Ready', 'False')] }) }).message).toBe(
      'Ready is False',
    );
  });
});
