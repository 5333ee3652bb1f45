import { describe, expect, it } from 'vitest';
import { newsOf } from './event-news.js';

const INDEX = 13;

function line(...events: readonly object[]) {
  return { Index: INDEX, Events: events };
}

const evaluation = (fields: object) => ({
  Topic: 'Evaluation',
  Type: 'EvaluationUpdated',
  Payload: { Evaluation: { Status: 'complete', TriggeredBy: 'job-register', FailedTGAllocs: null, ...fields } },
});
const deployment = (Status: string) => ({
  Topic: 'Deployment',
  Type: 'PlanResult',
  Payload: { Deployment: { Status } },
});
const allocation = (fields: object) => ({
  Topic: 'Allocation',
  Type: 'PlanResult',
  Payload: {
    Allocation: {
      CreateIndex: INDEX,
      PreviousAllocation: '',
      DesiredStatus: 'run',
      ClientStatus: 'pending',
      ...fields,
    },
  },
});
const job = (Type: string) => ({ Topic: 'Job', Type, Payload: { Job: {} } });

describe('a line of the event stream', () => {
  it('tells nothing while Nomad places a job, and when its deployment has succeeded', () => {
    const steps = [
      line(evaluation({ Status: 'pending' })),
      line(evaluation({ Status: 'pending' }), deployment('running'), allocation({}), job('PlanResult')),
      line(evaluation({})),
      line(evaluation({ TriggeredBy: 'deployment-watcher', FailedTGAllocs: {} })),
      line(deployment('successful'), job('PlanResult'), evaluation({ Status: 'pending' })),
    ];
    expect(steps.map((one) => newsOf(one).of)).toEqual(steps.map(() => 'nothing'));
  });

  it('tells of a registration, which may be its own', () => {
    expect(newsOf(line(job('JobRegistered')))).toEqual({ of: 'registration', index: INDEX });
  });

  it('is worth a look where something cannot be placed, is to stop, failed, ended or went', () => {
    const worth = [
      line(evaluation({ FailedTGAllocs: { main: {} } })),
      line(evaluation({ Status: 'blocked' })),
      line(evaluation({ TriggeredBy: 'alloc-failure' })),
      line(evaluation({ TriggeredBy: 'node-update' })),
      line(deployment('failed')),
      line(deployment('running'), allocation({ DesiredStatus: 'stop' })),
      line(allocation({ ClientStatus: 'failed' })),
      line(allocation({ CreateIndex: INDEX - 1 })),
      line(allocation({ PreviousAllocation: 'another' })),
      line(job('JobDeregistered')),
      line(job('JobRegistered'), job('JobDeregistered')),
      line(job('JobRegistered'), allocation({ DesiredStatus: 'evict' })),
    ];
    expect(worth.map((one) => newsOf(one).of)).toEqual(worth.map(() => 'something'));
  });

  it('is worth one where it is not understood', () => {
    for (const strange of [{}, line(), line({}), line({ Topic: 'Node', Type: 'NodeEvent' })]) {
      expect(newsOf(strange)).toEqual({ of: 'something' });
    }
  });
});
