import { ChangeLogEntity } from './change-log-entity.js';
import { EpochEntity } from './epoch-entity.js';
import { KIND_ENTITIES } from './kind-entities.js';
import { StreamHeadEntity } from './stream-head-entity.js';
import { UniqueClaimEntity } from './unique-claim-entity.js';

/** Every table of the main store. */
export const MAIN_ENTITIES = [
  ...Object.values(KIND_ENTITIES),
  UniqueClaimEntity,
  StreamHeadEntity,
  ChangeLogEntity,
  EpochEntity,
];
