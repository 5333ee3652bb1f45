import { describe, expect, it } from 'vitest';
import { parsePod, podCondition } from './pod.js';

function pod(status: object, spec: object = {}) {
  return podCondition(parsePod({ metadata: { name: 'p', uid: 'u' }, spec, status }));
}

const running = (container: object) => ({
  phase: 'Running',
  containerStatuses: [{ name: 'main', image: 'a:1', ...container }],
});

describe('how a pod is', () => {
  it('says which resource is short', () => {
    const message = '0/3 nodes are available: 1 Insufficient memory, 2 Insufficient cpu. preemption: none.';
    const seen = pod({
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    });
    expect(seen.health).toBe('pending');
    expect(seen.trouble?.reason).toBe('NotPlaceable');
    expect(seen.trouble?.message).toContain('not enough memory and cpu');
  });

  it('says which image and what the registry answered', () => {
    const waiting = {
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling image "a:1": ErrImagePull: 403 Forbidden',
    };
    const seen = pod({ phase: 'Pending', containerStatuses: [{ name: 'main', image: 'a:1', state: { waiting } }] });
    expect(seen).toMatchObject({ health: 'unhealthy', trouble: { reason: 'ImageFailed' } });
    expect(seen.trouble?.message).toContain('a:1');
    expect(seen.trouble?.message).toContain('403 Forbidden');
  });

  it('names the container that keeps ending, with its code', () => {
    const seen = pod(
      running({
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
        lastState: { terminated: { exitCode: 7, reason: 'Error' } },
      }),
    );
    expect(seen).toMatchObject({ health: 'unhealthy', exitCode: 7, failing: 'main', trouble: { reason: 'Exited' } });
    expect(seen.trouble?.message).toContain('code 7, 4 times');
  });

  it('tells want of memory from other ends', () => {
    const lastState = { terminated: { exitCode: 137, reason: 'OOMKilled' } };
    const seen = pod(running({ state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState }));
    expect(seen.trouble).toMatchObject({ reason: 'OutOfMemory' });
    const over = pod({ phase: 'Failed', containerStatuses: [{ name: 'main', state: lastState }] });
    expect(over).toMatchObject({ health: 'ended', exitCode: 137, trouble: { reason: 'OutOfMemory' } });
  });

  it('says that and why a node evicted it', () => {
    const seen = pod({ phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' });
    expect(seen).toMatchObject({ health: 'ended', exitCode: null });
    expect(seen.trouble?.message).toContain('low on resource: memory');
  });

  it('says that nothing is heard of its node', () => {
    const conditions = [{ type: 'Ready', status: 'False', reason: 'NodeStatusUnknown' }];
    const seen = pod({ phase: 'Running', conditions }, { nodeName: 'n7' });
    const said = [
      { type: 'Ready', status: 'False' },
      { type: 'ContainersReady', status: 'True' },
    ];
    expect(pod({ phase: 'Running', conditions: said }, { nodeName: 'n7' })).toEqual(seen);
    const gated = { nodeName: 'n7', readinessGates: [{ conditionType: 'theirs' }] };
    expect(pod({ phase: 'Running', conditions: said }, gated)).not.toEqual(seen);
    expect(seen).toMatchObject({ health: 'unhealthy' });
    expect(seen.trouble?.message).toContain('n7');
  });

  it('is healthy only once it is ready', () => {
    const ready = (status: string) => ({
      ...running({ ready: status === 'True' }),
      conditions: [{ type: 'Ready', status }],
    });
    expect(pod(ready('False')).health).toBe('starting');
    expect(pod(ready('True'))).toMatchObject({ health: 'healthy', trouble: null });
  });
});
