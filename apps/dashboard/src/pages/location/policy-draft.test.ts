import { describe, expect, it } from 'vitest';
import { draftOf, policyOf } from './policy-draft.js';

describe('the policy of a location in its form', () => {
  it('is saved as it was where nothing was touched', () => {
    const policy = {
      drivers: ['docker', 'raw_exec'],
      hostVolumes: ['data'],
      ports: { share: 'group' as const, public: true },
      leafWishes: true,
    };
    expect(policyOf(draftOf(policy))).toEqual(policy);
  });

  it('takes names with commas, blanks or both between them', () => {
    const draft = { ...draftOf({ drivers: [], hostVolumes: [] }), drivers: ' docker,  exec raw_exec, ' };
    expect(policyOf(draft)).toEqual({
      drivers: ['docker', 'exec', 'raw_exec'],
      hostVolumes: [],
      ports: { share: 'owner', public: false },
      leafWishes: false,
    });
  });
});
