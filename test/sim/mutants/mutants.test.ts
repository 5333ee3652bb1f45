import { expect, it } from 'vitest';
import { MUTANTS } from './mutants.js';
import { searchMutant } from './search-mutant.js';

// One of many, so that nobody trusts a simulation that finds nothing; all of them are `npm run test:long`.
it(
  'finds a leaf that destroys volumes with a stop, and tells the least that makes it',
  { timeout: 300_000 },
  async () => {
    const mutant = MUTANTS.find(({ name }) => name === 'volumes destroyed with a stop');
    const told = mutant ? await searchMutant(mutant, 'shrunk') : '';
    expect(told).toMatch(/^seed \d+ fails: I8/m);
    const [, plan = '', history = ''] = told.split(/^The least that fails so, .*$|^Its history:$/m);
    expect(plan.match(/(wish|FAULT) +[a-z-]+/g)).toEqual(['wish  create', 'wish  start', 'wish  stop']);
    expect(history).toMatch(/leaf-\S+: destroyVolumes .*\n.* CHECK: I8/);
  },
);
