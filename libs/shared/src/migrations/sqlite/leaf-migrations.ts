import type { MigrationInterface } from 'typeorm';
import { LeafInitial1760000000000 } from './leaf-initial.js';

/** In the order they run. One that was released is never edited: add another. */
export const LEAF_MIGRATIONS: readonly (new () => MigrationInterface)[] = [LeafInitial1760000000000];
