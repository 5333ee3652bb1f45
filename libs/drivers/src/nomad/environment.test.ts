import { describe, expect, it } from 'vitest';
import { hasEnvironment, withEnvironment } from './environment.js';

const spec = {
  mark: { installation: 'i', location: 'here', space: '11111111-2222-4333-8444-555555555555' },
  display: { space: 'web', owner: 'ann' },
  job: '',
  volumes: '',
  hash: '',
  policy: { drivers: [], hostVolumes: [], exceptions: [] },
};
const job = { TaskGroups: [{ Tasks: [{ Name: 'a', Templates: [{ DestPath: 'local/x' }] }, { Name: 'b' }] }] };

describe('the environment of a space on Nomad', () => {
  it('reaches every task by a template that names the variable, and shows none of its values', () => {
    const given = withEnvironment(job, { ...spec, environment: { KNOT_JOIN_SECRET: 'hidden' } });
    const text = JSON.stringify(given);
    expect(text.match(/nomad\/jobs\/knot-11111111-2222-4333-8444-555555555555/g)).toHaveLength(2);
    expect(text).not.toContain('hidden');
    expect(text).toContain('local/x');
    expect(hasEnvironment(given)).toBe(true);
  });

  it('is none where no agents are served', () => {
    expect(withEnvironment(job, spec)).toBe(job);
    expect(hasEnvironment(job)).toBe(false);
  });
});
