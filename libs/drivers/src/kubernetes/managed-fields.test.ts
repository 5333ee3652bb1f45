import { describe, expect, it } from 'vitest';
import { lostFields } from './managed-fields.js';

const applied = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'n', namespace: 's', labels: { app: 'web' } },
  spec: {
    containers: [{ name: 'main', image: 'a', command: ['sh', '-c'], ports: [{ containerPort: 80 }], resources: {} }],
    volumes: [{ name: 'tmp', emptyDir: {} }],
    tolerations: [],
  },
};

function fieldsOf(container: Record<string, unknown>) {
  return {
    'f:metadata': { 'f:labels': { 'f:app': {} } },
    'f:spec': {
      'f:containers': { 'k:{"name":"main"}': { '.': {}, 'f:name': {}, ...container } },
      'f:volumes': { 'k:{"name":"tmp"}': { '.': {}, 'f:name': {}, 'f:emptyDir': {} } },
    },
  };
}

const ALL = {
  'f:image': {},
  'f:command': {},
  'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
};

function live(fieldsV1: object, others: object[] = []) {
  return { metadata: { managedFields: [{ manager: 'knot', operation: 'Apply', fieldsV1 }, ...others] } };
}

describe('fields that are no longer ours', () => {
  it('are none where all that was applied is ours, lists with defaulted keys and empty values too', () => {
    expect(lostFields(applied, live(fieldsOf(ALL)))).toEqual([]);
  });

  it('are told with who has them now', () => {
    const { 'f:image': _image, ...rest } = ALL;
    const kubectl = {
      manager: 'kubectl-edit',
      operation: 'Update',
      fieldsV1: { 'f:spec': { 'f:containers': { 'k:{"name":"main"}': { 'f:image': {} } } } },
    };
    expect(lostFields(applied, live(fieldsOf(rest), [kubectl]))).toEqual([
      { path: 'spec.containers.main.image', by: 'kubectl-edit' },
    ]);
  });

  it('are told where they were taken away, whole entries of lists too', () => {
    const { 'f:ports': _ports, ...rest } = ALL;
    expect(lostFields(applied, live(fieldsOf({ ...rest, 'f:ports': { 'k:{"containerPort":81}': {} } })))).toEqual([
      { path: 'spec.containers.main.ports.', by: '' },
    ]);
  });

  it('are all where nothing of ours is written down', () => {
    const paths = lostFields(applied, { metadata: {} }).map(({ path }) => path);
    expect(paths).toEqual(['spec', 'metadata']);
  });
});
