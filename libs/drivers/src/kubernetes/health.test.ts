import { describe, expect, it } from 'vitest';
import { conditionOf, creationTrouble } from './health.js';
import { KINDS } from './kinds.js';
import { parsePod } from './pod.js';

const READY = [{ type: 'Ready', status: 'True' }];

function pod(name: string, owner: string, status: object = { phase: 'Running', conditions: READY }, createdAt = 1) {
  const [kind, of] = owner.split('/');
  return parsePod({
    metadata: {
      name,
      uid: `uid-${name}`,
      creationTimestamp: new Date(createdAt * 1_000).toISOString(),
      ...(owner !== '' && { ownerReferences: [{ controller: true, kind, name: of }] }),
    },
    status,
  });
}

function deployment(name: string, status: object = { observedGeneration: 1, updatedReplicas: 1, replicas: 1 }) {
  return { kind: KINDS.Deployment, object: { metadata: { name, generation: 1 }, spec: { replicas: 1 }, status } };
}

describe('how a space is', () => {
  const main = deployment('knot-1');
  const web = pod('a', 'ReplicaSet/knot-1-7d9f');

  it('is its own pod, not that of another workload beside it', () => {
    const db = pod('b', 'ReplicaSet/knot-1-db-5c4d', undefined, 9);
    expect(conditionOf(main, [deployment('knot-1-db')], [db, web])).toMatchObject({
      health: 'healthy',
      instance: 'uid-a',
    });
    expect(conditionOf(main, [], [pod('c', 'StatefulSet/knot-1-x')])).toMatchObject({
      health: 'pending',
      instance: '',
    });
  });

  it('is not well while what is beside it is not', () => {
    const waiting = { reason: 'ErrImagePull', message: 'not found' };
    const broken = pod('b', 'ReplicaSet/knot-1-db-5c4d', {
      phase: 'Pending',
      containerStatuses: [{ name: 'db', image: 'db:1', state: { waiting } }],
    });
    const seen = conditionOf(main, [deployment('knot-1-db')], [web, broken]);
    expect(seen).toMatchObject({ health: 'unhealthy', instance: 'uid-a', trouble: { reason: 'ImageFailed' } });
  });

  it('takes no harm from a job beside it that is over', () => {
    const status = { conditions: [{ type: 'Complete', status: 'True' }] };
    const job = { kind: KINDS.Job, object: { metadata: { name: 'knot-1-seed' }, status } };
    expect(conditionOf(main, [job], [web]).health).toBe('healthy');
  });

  it('is starting until its controller has caught up', () => {
    expect(conditionOf(deployment('knot-1', { observedGeneration: 0 }), [], [web]).health).toBe('starting');
  });

  it('is on its way out once it is deleted', () => {
    const gone = { ...main, object: { ...main.object, metadata: { name: 'knot-1', deletionTimestamp: 'now' } } };
    expect(conditionOf(gone, [], [web])).toMatchObject({ health: 'stopping', instance: 'uid-a' });
  });

  it('says why its pods cannot be made', () => {
    const message = 'pods "x" is forbidden: exceeded quota: small, requested: pods=1';
    const status = { conditions: [{ type: 'ReplicaFailure', status: 'True', message }] };
    const { trouble } = conditionOf(deployment('knot-1', status), [], []);
    expect(trouble?.message).toContain('exceeded quota: small');
    expect(creationTrouble('admission webhook "v.example" denied the request: not on Fridays')).toEqual({
      reason: 'PolicyRefused',
      message:
        'The admission webhook v.example refused its pod: not on Fridays. Mend the template, or ask who runs the cluster.',
    });
  });
});
