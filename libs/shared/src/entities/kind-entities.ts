import type { Kind, Rows } from '../stores/rows.js';
import { AuditEntity } from './audit-entity.js';
import { AuditSealEntity } from './audit-seal-entity.js';
import { GroupEntity } from './group-entity.js';
import { GuardEntity } from './guard-entity.js';
import { IdempotencyEntity } from './idempotency-entity.js';
import { InstallationEntity } from './installation-entity.js';
import { LabelsEntity } from './labels-entity.js';
import { LeafCredentialEntity } from './leaf-credential-entity.js';
import { LeaseEntity } from './lease-entity.js';
import { LocationEntity } from './location-entity.js';
import { LocationStatusEntity } from './location-status-entity.js';
import { OfferEntity } from './offer-entity.js';
import { OperationEntity } from './operation-entity.js';
import { OriginEntity } from './origin-entity.js';
import { OrphanEntity } from './orphan-entity.js';
import { RoleEntity } from './role-entity.js';
import { RollOutEntity } from './roll-out-entity.js';
import { RollOutSpaceEntity } from './roll-out-space-entity.js';
import { SecondFactorEntity } from './second-factor-entity.js';
import { SecretEntity } from './secret-entity.js';
import { SessionEntity } from './session-entity.js';
import { SnapshotEntity } from './snapshot-entity.js';
import { SpaceEntity } from './space-entity.js';
import { SpaceObservedEntity } from './space-observed-entity.js';
import { TemplateEntity } from './template-entity.js';
import { TemplateVersionEntity } from './template-version-entity.js';
import { ThrottleEntity } from './throttle-entity.js';
import { TokenEntity } from './token-entity.js';
import { UsageEntity } from './usage-entity.js';
import { UserEntity } from './user-entity.js';
import { VariableEntity } from './variable-entity.js';
import { VolumeEntity } from './volume-entity.js';
import { VolumeObservedEntity } from './volume-observed-entity.js';

/** The table of each kind. */
export const KIND_ENTITIES: { readonly [K in Kind]: new () => Rows[K] } = {
  installation: InstallationEntity,
  user: UserEntity,
  group: GroupEntity,
  role: RoleEntity,
  session: SessionEntity,
  secondFactor: SecondFactorEntity,
  throttle: ThrottleEntity,
  token: TokenEntity,
  template: TemplateEntity,
  templateVersion: TemplateVersionEntity,
  variable: VariableEntity,
  volume: VolumeEntity,
  space: SpaceEntity,
  offer: OfferEntity,
  labels: LabelsEntity,
  rollOut: RollOutEntity,
  rollOutSpace: RollOutSpaceEntity,
  snapshot: SnapshotEntity,
  spaceObserved: SpaceObservedEntity,
  volumeObserved: VolumeObservedEntity,
  location: LocationEntity,
  locationStatus: LocationStatusEntity,
  lease: LeaseEntity,
  leafCredential: LeafCredentialEntity,
  orphan: OrphanEntity,
  operation: OperationEntity,
  idempotency: IdempotencyEntity,
  audit: AuditEntity,
  auditSeal: AuditSealEntity,
  origin: OriginEntity,
  guard: GuardEntity,
  usage: UsageEntity,
  secret: SecretEntity,
};
