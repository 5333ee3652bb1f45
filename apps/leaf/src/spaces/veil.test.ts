import { newRecord, type SpaceSnapshot } from '@knot/domain';
import { describe, expect, it } from 'vitest';
import { Veil } from './veil.js';

const snapshot: SpaceSnapshot = {
  hash: 'sha256:0',
  platform: 'nomad',
  template: { id: 't', name: 't', version: 1 },
  job: '',
  volumes: '',
  restart: 'always',
  exceptions: [],
  data: {
    space: { id: 's', name: 's' },
    template: { id: 't', name: 't' },
    user: { id: 'u', username: 'ada', email: '', timezone: 'UTC', service_password: 'service-word' },
    server: { url: '', agent_endpoint: '', wildcard_domain: '', location: 'main', timezone: 'UTC' },
    nomad: { dc: '', region: '' },
    var: { open: 'registry.example.org', key: 'pa"ss\nsecond line', pin: '12' },
  },
  joinSecret: 'join-word',
  protectedVariables: ['key', 'pin'],
};

describe('Veil', () => {
  const veil = new Veil(snapshot);

  it.each([
    ['no such image registry.example.org/x', 'no such image registry.example.org/x'],
    ['bad flag pa"ss\nsecond line!', 'bad flag ***!'],
    ['{"arg":"pa\\"ss\\nsecond line"}', '{"arg":"***"}'],
    ['line 2: second line', 'line 2: ***'],
    ['https://x/?p=pa%22ss%0Asecond%20line', 'https://x/?p=***'],
    ['service-word and join-word, 12 times', '*** and ***, 12 times'],
  ])('leaves of %j only %j', (text, left) => {
    expect(veil.text(text)).toBe(left);
  });

  it('covers what is reported and what is kept of a failure', () => {
    const record = newRecord('s', 1, 0);
    const stall = { generation: 1, trouble: { reason: 'TemplateRejected', message: 'bad join-word' } } as const;
    expect(JSON.stringify(veil.record({ ...record, stall }))).not.toContain('join-word');
  });
});
