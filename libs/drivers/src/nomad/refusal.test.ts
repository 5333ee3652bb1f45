import { describe, expect, it } from 'vitest';
import { plainWords, refusalOf } from './refusal.js';

const answer = (status: number, text: string, headers = {}) => ({ status, text, headers });

/** Texts as Nomad 1.11 gave them. */
const INVALID =
  '1 error occurred:\n\t* Task group g validation failed: 1 error occurred:\n\t* Task t validation failed: 1 error occurred:\n\t* Missing task driver\n\n\n\n\n\n';

describe('what Nomad refuses', () => {
  it.each([
    [403, 'Permission denied', 'backend.forbidden'],
    [403, 'ACL token not found', 'backend.forbidden'],
    [500, INVALID, 'backend.invalid'],
    [500, 'volume validation failed: invalid attachment mode: ""', 'backend.invalid'],
    [500, 'validation: must include at least one capability block', 'backend.invalid'],
    [400, 'json: cannot unmarshal number', 'backend.invalid'],
    [413, 'too large', 'backend.invalid'],
    [500, 'Enforcing job modify index 0: job already exists', 'backend.conflict'],
    [500, 'volume x in use by allocations: [y]', 'backend.conflict'],
    [409, '', 'backend.conflict'],
    [404, '404 page not found', 'backend.unavailable'],
    [500, 'No cluster leader', 'backend.unavailable'],
    [500, 'No path to region', 'backend.unavailable'],
    [500, 'rpc error: EOF', 'backend.unavailable'],
    [429, 'slow down', 'backend.unavailable'],
    [503, '', 'backend.unavailable'],
  ])('%i %j is %s', (status, text, code) => expect(refusalOf(answer(status, text), 'do it').code).toBe(code));

  it('is told in one line', () => {
    expect(refusalOf(answer(500, INVALID), 'register the job').message).toBe(
      'Nomad refused to register the job: Task group g validation failed: Task t validation failed: Missing task driver.',
    );
  });

  it('is cut where it goes on and on', () => expect(plainWords('x'.repeat(5_000)).length).toBeLessThan(700));
});
