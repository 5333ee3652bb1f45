import { describe, expect, it } from 'vitest';
import { EVENTS, keptOf } from './kept.js';
import { KindCache } from './kind-cache.js';
import { KINDS } from './kinds.js';
import { LABEL } from './mark.js';
import { SharedFields } from './shared-fields.js';

const SPACE = '0190c0de-0000-7000-8000-000000000001';
const NAME = `knot-${SPACE}`;

function deployment(version: string, further: { status?: object; manager?: string; annotations?: object } = {}) {
  const { status = {}, manager = 'knot', annotations = {} } = further;
  return {
    metadata: {
      ...{ name: NAME, uid: 'u1', generation: 1, resourceVersion: version, annotations },
      labels: { [LABEL.space]: SPACE },
      managedFields: [{ manager, operation: 'Apply', time: `at ${version}`, fieldsV1: { 'f:spec': {} } }],
    },
    spec: { replicas: 1, template: { spec: { containers: [{ name: 'main', image: 'x' }] } } },
    status,
  };
}

function open() {
  return new KindCache(keptOf(KINDS.Deployment), new SharedFields());
}

describe('what a watch has told', () => {
  it('is there again with its revision and who set which field', () => {
    const cache = open();
    cache.put(deployment('7', { status: { observedGeneration: 1 } }));
    const found = cache.get(NAME);
    expect(found?.['metadata']).toMatchObject({
      resourceVersion: '7',
      managedFields: [{ manager: 'knot', fieldsV1: { 'f:spec': {} } }],
    });
    expect(found?.['status']).toMatchObject({ observedGeneration: 1 });
    expect(cache.ofSpace(SPACE)).toEqual([found]);
    cache.drop(NAME);
    expect(cache.get(NAME)).toBeNull();
    expect(cache.spaceIds()).toEqual([]);
  });

  it('is news where a look would see it, and none where nobody reads it', () => {
    const cache = open();
    expect(cache.put(deployment('1'))).toBe('changed');
    expect(cache.put(deployment('2', { status: { readyReplicas: 1 } }))).toBe('none');
    expect(cache.put(deployment('3', { annotations: { 'deployment.kubernetes.io/revision': '1' } }))).toBe('none');
    expect(cache.versionOf(NAME)).toBe('3');
    expect(cache.put(deployment('4', { status: { observedGeneration: 1 } }))).toBe('status');
    expect(cache.put(deployment('5', { status: { observedGeneration: 1 }, manager: 'kubectl' }))).toBe('changed');
    expect(
      cache.put(deployment('6', { status: { observedGeneration: 1 }, annotations: { 'knot.dev/name': 'x' } })),
    ).toBe('changed');
  });

  it('is forgotten for a space that needs no story any more', () => {
    const cache = new KindCache(EVENTS, new SharedFields());
    const event = { metadata: { name: 'e1', uid: 'e1' }, involvedObject: { kind: 'Pod', name: `${NAME}-abc` } };
    cache.put({ ...event, reason: 'Pulled', reportingComponent: 'kubelet' });
    expect(cache.ofSpace(SPACE)).toMatchObject([{ reason: 'Pulled', involvedObject: { kind: 'Pod' } }]);
    expect(cache.isWhole(SPACE)).toBe(true);
    cache.dropSpace(SPACE);
    expect(cache.names()).toEqual([]);
    expect(cache.isWhole(SPACE)).toBe(false);
    cache.noteWhole(SPACE);
    expect(cache.isWhole(SPACE)).toBe(true);
  });

  it('of nobody is not kept', () => {
    const cache = new KindCache(EVENTS, new SharedFields());
    cache.put({ metadata: { name: 'e1' }, involvedObject: { kind: 'Pod', name: 'theirs' } });
    expect(cache.names()).toEqual([]);
  });
});
