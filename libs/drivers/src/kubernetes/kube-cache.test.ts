import { describe, expect, it } from 'vitest';
import type { DriverClock } from '../clock.js';
import { KubeCache } from './kube-cache.js';
import { LABEL } from './mark.js';

const SPACE = '0190c0de-0000-7000-8000-000000000001';
const NAME = `knot-${SPACE}`;
const CLOCK: DriverClock = { now: () => 0, monotonic: () => 0, setTimeout: () => 0, clearTimeout: () => undefined };

function metadata(name: string) {
  return { name, uid: `uid of ${name}`, generation: 1, resourceVersion: '1', labels: { [LABEL.space]: SPACE } };
}

function deployment(status: object) {
  return { metadata: metadata(NAME), spec: { replicas: 1 }, status };
}

function pod(status: object) {
  const owner = { kind: 'ReplicaSet', name: `${NAME}-5d9f`, controller: true };
  return { metadata: { ...metadata(`${NAME}-5d9f-x`), ownerReferences: [owner] }, spec: {}, status };
}

describe('how a space is, as its watches tell', () => {
  it('changes with what a look would tell, and with nothing else', () => {
    const cache = new KubeCache(CLOCK);
    expect(cache.toldOf(SPACE)).toBeNull();
    const told = (put: () => unknown) => {
      put();
      return cache.toldOf(SPACE);
    };
    const pending = told(() => cache.of('Deployment').put(deployment({})));
    expect(pending).toContain('pending');
    expect(told(() => cache.of('Deployment').put(deployment({ observedGeneration: 1 })))).toBe(pending);
    const starting = told(() => cache.of('Pod').put(pod({ phase: 'Pending' })));
    expect(starting).toContain('starting');
    const scheduled = { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'True' }] };
    expect(told(() => cache.of('Pod').put(pod(scheduled)))).toBe(starting);
    const running = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
    // its controller has not seen it yet
    expect(told(() => cache.of('Pod').put(pod(running)))).toBe(starting);
    const seen = deployment({ observedGeneration: 1, updatedReplicas: 1, replicas: 1 });
    expect(told(() => cache.of('Deployment').put(seen))).toContain('healthy');
  });
});
