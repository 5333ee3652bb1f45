import { LeafMetaEntity } from './leaf-meta-entity.js';
import { LeafObjectEntity } from './leaf-object-entity.js';
import { LeafObservedEntity } from './leaf-observed-entity.js';
import { LeafPositionEntity } from './leaf-position-entity.js';
import { LeafRecordEntity } from './leaf-record-entity.js';
import { LeafSecretEntity } from './leaf-secret-entity.js';
import { LeafSequenceEntity } from './leaf-sequence-entity.js';

/** Every table of a leaf's own store. */
export const LEAF_ENTITIES = [
  LeafMetaEntity,
  LeafSecretEntity,
  LeafPositionEntity,
  LeafObjectEntity,
  LeafRecordEntity,
  LeafObservedEntity,
  LeafSequenceEntity,
];
