import { describe, expect, it } from 'vitest';
import { madeSpace } from '../../testing/made.js';
import { startOf } from './start-steps.js';

const whole = madeSpace({
  phases: [
    { name: 'Accepted', at: 1_000 },
    { name: 'Received', at: 1_100 },
    { name: 'Volumes', at: 1_200 },
    { name: 'Submitted', at: 1_400 },
    { name: 'Placed', at: 2_000 },
    { name: 'Started', at: 2_900 },
    { name: 'Ready', at: 3_000 },
  ],
});

describe('a start, step by step', () => {
  it('has the time each step took and where it lies in the whole', () => {
    const start = startOf(whole, 99_000);
    expect(start).toMatchObject({ state: 'ready', total: 2_000 });
    expect(start?.steps.map(({ took }) => took)).toEqual([0, 100, 100, 200, 600, 900, 100]);
    expect(start?.steps[5]).toMatchObject({ from: 0.5, to: 0.95, state: 'done' });
  });

  it('shows the step that is under way with the time spent on it so far', () => {
    const start = startOf({ ...whole, phase: 'Provisioning', phases: whole.phases.slice(0, 3) }, 5_200);
    expect(start).toMatchObject({ state: 'under-way', total: 4_200 });
    expect(start?.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'now', 'open', 'open', 'open']);
    expect(start?.steps[3]?.took).toBe(4_000);
  });

  it('ends where it failed, and time does not run on', () => {
    const failed = { ...whole, phase: 'Failed' as const, phases: whole.phases.slice(0, 5) };
    expect(startOf(failed, 5_000)).toEqual(startOf(failed, 9_000));
    expect(
      startOf(failed, 5_000)
        ?.steps.slice(5)
        .map(({ state }) => state),
    ).toEqual(['missed', 'missed']);
  });

  it('stands still while nobody knows how it goes on', () => {
    const silent = { ...whole, phase: 'Unknown' as const, phases: whole.phases.slice(0, 2) };
    expect(startOf(silent, 9_000)?.total).toBe(100);
  });

  it('does not go backwards where two clocks disagree', () => {
    const phases = [
      { name: 'Accepted' as const, at: 2_000 },
      { name: 'Received' as const, at: 1_900 },
      { name: 'Ready' as const, at: 2_500 },
    ];
    const start = startOf({ ...whole, phases }, 3_000);
    expect(start?.steps.every(({ took, from, to }) => took >= 0 && from >= 0 && to <= 1)).toBe(true);
  });

  it('is nothing for a space that was never started', () => {
    expect(startOf(madeSpace({ phases: [], want: 'stopped', phase: 'Stopped' }), 1_000)).toBeNull();
  });
});
