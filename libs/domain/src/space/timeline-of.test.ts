import { describe, expect, it } from 'vitest';
import type { TimelineEvent, WorkloadHealth } from './observed.js';
import { newRecord } from './record.js';
import type { Sight } from './sight.js';
import { snapshotOf } from './testing/snapshot-of.js';
import { phasesOf } from './timeline-of.js';

const HANDED_OVER = 1_000;
const NOW = 9_000;

function sight(health: WorkloadHealth, events: readonly TimelineEvent[]): Sight {
  const hash = 'h1';
  return {
    desired: {
      id: 's',
      generation: 1,
      want: 'running',
      restarts: 0,
      snapshot: snapshotOf(hash),
      name: 's',
      owner: { id: 'u', username: 'u' },
      wishedAt: 100,
    },
    record: { ...newRecord('s', 1, 200), appliedHash: hash, appliedAt: HANDED_OVER },
    observation: {
      workload: {
        state: 'present',
        health,
        instance: 'i1',
        revision: 'r1',
        drift: null,
        exitCode: null,
        trouble: null,
      },
      volumes: [],
      events,
    },
    wanted: [],
    step: null,
    failure: null,
    deeds: [],
    backend: 'Nomad',
    previous: null,
    agent: null,
    stopOverdue: false,
    now: NOW,
  };
}

const started = (at: number): TimelineEvent => ({ id: `e${at}`, at, source: 'nomad', reason: 'Started', message: '' });
const startedAt = (seen: Sight) => phasesOf(seen, false).find(({ name }) => name === 'Started')?.at;

describe('the step Started', () => {
  it('is reached when the backend says so, before that calls it healthy', () => {
    expect(startedAt(sight('starting', [started(2_000)]))).toBe(2_000);
  });

  it('is not reached by what ran before this was handed over', () => {
    expect(startedAt(sight('starting', [started(500)]))).toBeUndefined();
  });

  it('is reached with health where the backend tells no start', () => {
    expect(startedAt(sight('healthy', []))).toBe(NOW);
  });
});
