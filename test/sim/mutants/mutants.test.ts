import { expect, it } from 'vitest';
import { MUTANTS } from './mutants.js';
import { searchMutant } from './search-mutant.js';

// One of many, so that nobody trusts a simulation that finds nothing; all of them are `npm run test:long`.
it('finds a leaf that destroys volumes with a stop', { timeout: 300_000 }, async () => {
  const mutant = MUTANTS.find(({ name }) => name === 'volumes destroyed with a stop');
  expect(mutant && (await searchMutant(mutant))).toMatch(/^seed \d+ fails: I8/m);
});
