import { describe, expect, it } from 'vitest';
import { versionDiff } from './version-diff.js';

const ONE = {
  templateId: 'ubuntu',
  number: 1,
  job: 'a\nb\nc\n',
  volumes: 'volumes: []\n',
  restart: 'always',
  exceptions: ['driver:exec', 'driver:raw_exec'],
} as const;

const NOTHING = { job: '', volumes: '', restart: null, exceptionsAdded: [], exceptionsRemoved: [] };

function jobs(before: string, after: string): string {
  return versionDiff({ ...ONE, job: before }, { ...ONE, number: 2, job: after }).job;
}

describe('the difference of two versions', () => {
  it('is nothing where only numbers differ', () => {
    expect(versionDiff(ONE, { ...ONE, number: 7 })).toEqual({ templateId: 'ubuntu', from: 1, to: 7, ...NOTHING });
  });

  it('names what was changed, added and removed, in the direction it was asked for', () => {
    const two = { ...ONE, number: 2, restart: 'never', exceptions: ['driver:exec', 'host-volume:data'] } as const;
    expect(versionDiff(ONE, two)).toMatchObject({
      restart: { from: 'always', to: 'never' },
      exceptionsAdded: ['host-volume:data'],
      exceptionsRemoved: ['driver:raw_exec'],
    });
    expect(versionDiff(two, ONE)).toMatchObject({
      from: 2,
      to: 1,
      restart: { from: 'never', to: 'always' },
      exceptionsAdded: ['driver:raw_exec'],
      exceptionsRemoved: ['host-volume:data'],
    });
  });

  it('shows changed lines of a text as a unified diff', () => {
    expect(jobs('a\nb\nc\n', 'a\nx\nc\n')).toBe(
      '--- job, version 1\n+++ job, version 2\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n',
    );
    expect(versionDiff(ONE, { ...ONE, number: 2, volumes: '' }).volumes).toContain('@@ -1,1 +0,0 @@\n-volumes: []\n');
    expect(jobs('a\n', 'a')).toContain('\\ No newline at end of file');
  });

  it('takes a text for replaced where more lines differ than are worth comparing', () => {
    const many = (letter: string) => Array.from({ length: 600 }, (_, index) => `${letter}${index}`).join('\n');
    const lines = jobs(many('a'), `${many('b')}\n`).split('\n');
    expect(lines.slice(0, 4)).toEqual(['--- job, version 1', '+++ job, version 2', '@@ -1,600 +1,600 @@', '-a0']);
    expect(lines.filter((line) => /^\+b/.test(line))).toHaveLength(600);
  });
});
