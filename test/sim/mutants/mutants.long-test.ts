import { expect, it } from 'vitest';
import { MUTANTS } from './mutants.js';
import { searchMutant } from './search-mutant.js';

it.each(MUTANTS)('is found: $name', async (mutant) => {
  expect(await searchMutant(mutant)).toMatch(/^seed \d+ fails: /m);
});
