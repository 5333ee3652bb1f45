import { describe, expect, it } from 'vitest';
import { parseAllocation, timelineOfAll } from './allocation.js';
import { conditionOf, parseJobState, type JobView } from './health.js';
import type { JsonObject } from './json.js';

/** Stubs in the shape in which Nomad 1.11 lists them. */
const event = (Type: string, Time: number, further: JsonObject = {}) => ({
  Type,
  Time,
  DisplayMessage: Type,
  Details: {},
  ...further,
});
const terminated = (code: number, Time: number, oom = false) =>
  event('Terminated', Time, { Details: { exit_code: String(code), oom_killed: String(oom), signal: '0' } });
const task = (State: string, Events: readonly JsonObject[], further: JsonObject = {}) => ({
  State,
  Failed: false,
  Restarts: 0,
  Events,
  ...further,
});
const allocation = (ClientStatus: string, web: JsonObject, further: JsonObject = {}) =>
  parseAllocation({
    ID: 'a1111111-0000',
    TaskGroup: 'g',
    NodeName: 'n1',
    JobVersion: 0,
    CreateIndex: 20,
    DesiredStatus: 'run',
    ClientStatus,
    DeploymentStatus: null,
    NextAllocation: '',
    FollowupEvalID: '',
    TaskStates: { web },
    ...further,
  });
const job = (further: JsonObject = {}) =>
  parseJobState({
    Version: 0,
    CreateIndex: 10,
    Type: 'service',
    Status: 'running',
    Stop: false,
    TaskGroups: [{ Name: 'g', Count: 1, Update: { MaxParallel: 1 } }],
    ...further,
  });
const view = (further: Partial<JobView>): JobView => ({
  job: job(),
  allocations: [],
  failures: [],
  deploying: false,
  ...further,
});
const started = task('running', [event('Received', 1e9), event('Started', 2e9)]);
const well = { DeploymentStatus: { Healthy: true } };
const dead = { Status: 'dead' };

describe('health of a job', () => {
  it('is healthy when its allocation is, as the deployment says', () => {
    const seen = conditionOf(view({ allocations: [allocation('running', started, well)] }));
    expect(seen).toEqual({ health: 'healthy', instance: 'a1111111-0000', exitCode: null, trouble: null });
  });

  it('is starting while the deployment has not said, and healthy when none is to say it', () => {
    const allocations = [allocation('running', started)];
    expect(conditionOf(view({ allocations, deploying: true })).health).toBe('starting');
    expect(conditionOf(view({ allocations })).health).toBe('healthy');
  });

  it('is pending while nothing of its newest version is placed, also when the old one runs', () => {
    expect(conditionOf(view({})).health).toBe('pending');
    const old = allocation('running', started, well);
    expect(conditionOf(view({ job: job({ Version: 1 }), allocations: [old] }))).toMatchObject({
      health: 'pending',
      instance: '',
    });
  });

  it('is unhealthy when its checks did not pass in time, though all of it runs', () => {
    const allocations = [allocation('running', started, { DeploymentStatus: { Healthy: false } })];
    expect(conditionOf(view({ allocations }))).toMatchObject({ health: 'unhealthy', trouble: { reason: 'Unhealthy' } });
  });

  it.each([
    ['DriverFailed', event('Driver Failure', 2e9, { DisplayMessage: 'could not start xyz' }), 'could not start xyz'],
    [
      'ImageFailed',
      event('Driver Failure', 2e9, { DisplayMessage: 'Failed to pull `x`: manifest unknown' }),
      'manifest',
    ],
    ['OutOfMemory', terminated(137, 2e9, true), 'memory'],
    ['Exited', terminated(3, 2e9), 'code 3'],
    ['DriverFailed', event('Failed Artifact Download', 2e9, { DisplayMessage: '404' }), '404'],
  ])('that failed tells %s, and is over only when Nomad does nothing more', (reason, why, words) => {
    const web = task('dead', [event('Received', 1e9), why, event('Not Restarting', 3e9)], { Failed: true });
    const allocations = [allocation('failed', web, { FollowupEvalID: 'e' })];
    const seen = conditionOf(view({ allocations }));
    expect(seen).toMatchObject({ health: 'unhealthy', trouble: { reason } });
    expect(seen.trouble?.message).toContain(words);
    expect(conditionOf(view({ job: job(dead), allocations })).health).toBe('ended');
  });

  it('that Nomad calls dead, and is going to place anew, has not ended', () => {
    const groups = (policy: JsonObject) => ({
      ...dead,
      TaskGroups: [{ Name: 'g', Count: 1, ReschedulePolicy: policy }],
    });
    const failed = (tries: number) => {
      const tracker = { Events: Array.from({ length: tries }, () => ({ PrevAllocID: 'b' })) };
      return [allocation('failed', task('dead', [terminated(3, 2e9)]), { RescheduleTracker: tracker })];
    };
    const healthWith = (policy: JsonObject, tries: number) =>
      conditionOf(view({ job: job(groups(policy)), allocations: failed(tries) })).health;
    expect(healthWith({ Unlimited: true }, 9)).toBe('unhealthy');
    expect(healthWith({ Attempts: 2 }, 1)).toBe('unhealthy');
    expect(healthWith({ Attempts: 2 }, 2)).toBe('ended');
    expect(healthWith({ Attempts: 0 }, 0)).toBe('ended');
  });

  it('is unhealthy while a task waits to be started again', () => {
    const web = task('pending', [event('Started', 1e9), terminated(3, 2e9), event('Restarting', 3e9)], { Restarts: 1 });
    const seen = conditionOf(view({ allocations: [allocation('pending', web)] }));
    expect(seen).toMatchObject({ health: 'unhealthy', exitCode: 3, trouble: { reason: 'Exited' } });
  });

  it('has ended with its code when a batch job is complete', () => {
    const batch = job({ Type: 'batch', ...dead });
    const done = allocation('complete', task('dead', [event('Started', 1e9), terminated(0, 2e9)]));
    expect(conditionOf(view({ job: batch, allocations: [done] }))).toMatchObject({ health: 'ended', exitCode: 0 });
  });

  it('counts the replacement, not the one that failed before it', () => {
    const failed = allocation('failed', task('dead', [terminated(3, 1e9)]), { NextAllocation: 'b2', ID: 'b1' });
    const next = allocation('running', started, { ...well, ID: 'b2', CreateIndex: 30 });
    expect(conditionOf(view({ allocations: [failed, next] }))).toMatchObject({ health: 'healthy', instance: 'b2' });
  });

  it('is unhealthy when its node is not heard of', () => {
    const seen = conditionOf(view({ allocations: [allocation('unknown', started, well)] }));
    expect(seen).toMatchObject({ health: 'unhealthy' });
    expect(seen.trouble?.message).toContain('n1');
  });

  it('is what is worst of its groups', () => {
    const two = job({
      TaskGroups: [
        { Name: 'g', Count: 1, Update: {} },
        { Name: 'db', Count: 1, Update: {} },
      ],
    });
    const g = allocation('running', started, well);
    const db = (status: string) => allocation(status, task('pending', []), { TaskGroup: 'db', ID: 'b1' });
    expect(conditionOf(view({ job: two, allocations: [g, db('pending')] }))).toMatchObject({ health: 'starting' });
    expect(conditionOf(view({ job: two, allocations: [g] })).health).toBe('pending');
  });

  it('is stopping until what somebody stopped has ended', () => {
    const stopped = job({ Stop: true, ...dead });
    const leaving = allocation('running', started, { DesiredStatus: 'stop' });
    expect(conditionOf(view({ job: stopped, allocations: [leaving] })).health).toBe('stopping');
    const gone = allocation('complete', started, { DesiredStatus: 'stop' });
    expect(conditionOf(view({ job: stopped, allocations: [gone] })).health).toBe('ended');
  });
});

describe('the timeline', () => {
  it('is in order, with the same ids each time, and holds the newest 50', () => {
    const many = Array.from({ length: 80 }, (_, n) => event('Restarting', (80 - n) * 1e9));
    const allocations = [allocation('running', task('running', many))];
    const events = timelineOfAll(allocations, []);
    expect(events).toHaveLength(50);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));
    expect(events.at(-1)?.at).toBe(80_000);
    expect(timelineOfAll(allocations, [])).toEqual(events);
    expect(new Set(events.map(({ id }) => id)).size).toBe(50);
  });
});
