import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { buildSim, runSim } from '../build-sim.js';
import type { Mutant } from './mutant.js';

/** Seeds within which a mutant has to be found. */
const SEEDS = 500;

/** What a search says that ends with the first seed whose history the mutant spoils, and with the least of it if told so. */
export async function searchMutant({ patches }: Mutant, ending: 'as found' | 'shrunk' = 'as found'): Promise<string> {
  const bundle = await buildSim(patches);
  try {
    const { output } = await runSim(bundle, [
      '--seeds',
      String(SEEDS),
      ...(ending === 'shrunk' ? [] : ['--no-shrink']),
    ]);
    return output;
  } finally {
    await rm(dirname(bundle), { recursive: true, force: true });
  }
}
