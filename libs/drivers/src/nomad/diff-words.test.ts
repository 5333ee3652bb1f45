import { describe, expect, it } from 'vitest';
import { driftWords, planWords } from './diff-words.js';

const field = (Name: string, Type: string, Old = '', New = '') => ({ Name, Type, Old, New });
const edited = (Name: string, further: object) => ({ Name, Type: 'Edited', ...further });

/** In the shape in which Nomad answers to plan?Diff. */
const diff = edited('', {
  Fields: [field('Meta[x]', 'Deleted', 'y'), field('Type', 'None', 'service', 'service')],
  TaskGroups: [
    edited('g', {
      Fields: [field('Count', 'Edited', '1', '2')],
      Tasks: [
        edited('web', {
          Fields: [field('Env[PASSWORD]', 'Edited', 'old', 'new'), field('Env[N]', 'Added', '', 'x')],
          Objects: [edited('Resources', { Fields: [field('CPU', 'Edited', '20', '30'), field('DiskMB', 'None')] })],
        }),
        { Name: 'side', Type: 'Added', Fields: [field('Driver', 'Added', '', 'docker')] },
      ],
    }),
    { Name: 'same', Type: 'None' },
  ],
});

describe('a difference', () => {
  it('is told as what somebody did to the job', () => {
    expect(driftWords(diff)).toBe(
      'job: Meta[x] was added; group g: Count is 1, should be 2; task web: Env[PASSWORD] was changed; ' +
        'task web: Env[N] is missing; task web: Resources.CPU is 20, should be 30; task side is missing',
    );
  });

  it('is told as what an apply would do', () => {
    expect(planWords(diff)).toEqual([
      'remove job: Meta[x]',
      'change group g: Count: 1 → 2',
      'change task web: Env[PASSWORD]',
      'add task web: Env[N]',
      'change task web: Resources.CPU: 20 → 30',
      'add task side',
    ]);
  });

  it('is none where Nomad says none', () => {
    expect(driftWords({ Type: 'None' })).toBeNull();
    expect(planWords({ Type: 'None' })).toEqual([]);
  });

  it('is one, whatever it is, where Nomad names no field', () => expect(driftWords({ Type: 'Edited' })).not.toBeNull());

  it('of many fields is shortened', () => {
    const fields = Array.from({ length: 20 }, (_, n) => field(`Env[${n}]`, 'Edited'));
    expect(driftWords({ Type: 'Edited', Fields: fields })).toMatch(/and 14 more$/);
  });
});
