import { LEAF_MUTANTS } from './leaf-mutants.js';
import type { Mutant } from './mutant.js';
import { ORIGIN_MUTANTS } from './origin-mutants.js';

export const MUTANTS: readonly Mutant[] = [...LEAF_MUTANTS, ...ORIGIN_MUTANTS];
