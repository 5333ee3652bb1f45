import type { Migration } from '../../stores/sql/run-migrations.js';
import { LeafInitial1760000000000 } from './leaf-initial.js';

/** In the order they run. One that was released is never edited: add another. */
export const LEAF_MIGRATIONS: readonly Migration[] = [LeafInitial1760000000000];
