import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { buildSim, runSim } from '../build-sim.js';
import type { Mutant } from './mutant.js';

/** Seeds within which a mutant has to be found. */
const SEEDS = 500;

/** What a search says that ends with the first seed whose history the mutant spoils. */
export async function searchMutant({ patches }: Mutant): Promise<string> {
  const bundle = await buildSim(patches);
  try {
    const { output } = await runSim(bundle, ['--seeds', String(SEEDS), '--no-shrink']);
    return output;
  } finally {
    await rm(dirname(bundle), { recursive: true, force: true });
  }
}
