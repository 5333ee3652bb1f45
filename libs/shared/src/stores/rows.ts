import type {
  Condition,
  ObservedSpace,
  Platform,
  PortPolicy,
  RestartPolicy,
  Schedule,
  SharedPort,
  TemplatePort,
  Want,
} from '@knot/domain';
import type { BaseRow } from './base-row.js';
import type {
  GroupRow,
  OfferRow,
  RoleRow,
  SecondFactorRow,
  SessionRow,
  ThrottleRow,
  TokenRow,
  UserRow,
} from './people-rows.js';
import type { LabelsRow } from './labels-row.js';
import type { RollOutRow, RollOutSpaceRow } from './roll-out-rows.js';
import type { UsageRow } from './usage-row.js';

/** Times are ms since the epoch, ids are uuids (v7 where the store lists by age) unless said otherwise. */
export interface Rows {
  installation: InstallationRow;
  user: UserRow;
  group: GroupRow;
  role: RoleRow;
  session: SessionRow;
  secondFactor: SecondFactorRow;
  throttle: ThrottleRow;
  token: TokenRow;
  template: TemplateRow;
  templateVersion: TemplateVersionRow;
  variable: VariableRow;
  volume: VolumeRow;
  space: SpaceRow;
  offer: OfferRow;
  labels: LabelsRow;
  rollOut: RollOutRow;
  rollOutSpace: RollOutSpaceRow;
  snapshot: SnapshotRow;
  spaceObserved: SpaceObservedRow;
  volumeObserved: VolumeObservedRow;
  location: LocationRow;
  locationStatus: LocationStatusRow;
  lease: LeaseRow;
  leafCredential: LeafCredentialRow;
  orphan: OrphanRow;
  operation: OperationRow;
  idempotency: IdempotencyRow;
  audit: AuditRow;
  auditSeal: AuditSealRow;
  origin: OriginRow;
  guard: GuardRow;
  usage: UsageRow;
  secret: SecretRow;
}

export type Kind = keyof Rows;

/** The only row of its kind, id 'installation'. */
export interface InstallationRow extends BaseRow {
  /** Names this installation at every backend; survives a restore. */
  readonly uuid: string;
  readonly createdAt: number;
  /** The first administrator; '' until the set-up code was used. */
  readonly firstAdminId: string;
}

export interface TemplateRow extends BaseRow {
  readonly name: string;
  readonly description: string;
  readonly platform: Platform;
  /** Number of the present version, from 1. */
  readonly present: number;
  /** Ids of the groups whose members may use it; empty: everybody. */
  readonly groups: readonly string[];
  /** Names of the locations it is for; empty: every location. */
  readonly locations: readonly string[];
  /** What a space of it takes of its owner's quota while it runs, and from its first start until it is deleted. */
  readonly computeUnits: number;
  readonly storageUnits: number;
  /** When spaces of it may run; null: always. Frozen by a start. */
  readonly schedule: Schedule | null;
  /** What its spaces offer, and with whom it is shared where their owners say nothing. Frozen by a start. */
  readonly ports: readonly TemplatePort[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** id is `<template id>:<number>`; nothing but the approval is changed once it is written. */
export interface TemplateVersionRow extends BaseRow {
  readonly templateId: string;
  readonly number: number;
  readonly job: string;
  readonly volumes: string;
  readonly restart: RestartPolicy;
  readonly exceptions: readonly string[];
  readonly author: string;
  /** User name of who approved it for protected variables; '' when nobody has. */
  readonly approvedBy: string;
  readonly note: string;
  readonly createdAt: number;
}

export interface VariableRow extends BaseRow {
  readonly name: string;
  /** '' = every location */
  readonly location: string;
  /** Plain text, or sealed where `protected`. */
  readonly value: string;
  readonly protected: boolean;
  readonly restricted: boolean;
  /** Ids of the templates that may use it while it is protected. */
  readonly templates: readonly string[];
  readonly updatedAt: number;
}

/** A standalone volume. */
export interface VolumeRow extends BaseRow {
  readonly name: string;
  readonly platform: Platform;
  readonly location: string;
  readonly definition: string;
  readonly want: 'present' | 'absent' | 'deleted';
  readonly generation: number;
  readonly createdAt: number;
}

/** Desired columns of a space: written by the origin's use cases only. */
export interface SpaceRow extends BaseRow {
  readonly name: string;
  readonly description: string;
  readonly ownerId: string;
  /** Ids of users who agreed to share it. */
  readonly sharedWith: readonly string[];
  /** With whom its owner shares web ports of it. */
  readonly portShares: readonly SharedPort[];
  /** Of terminals and SSH; '' as its image says. */
  readonly shell: string;
  /** The template's at the latest start. */
  readonly templatePorts: readonly TemplatePort[];
  readonly location: string;
  readonly templateId: string;
  /** Template version of the snapshot, 0 before the first start. */
  readonly templateVersion: number;
  readonly want: Want;
  readonly generation: number;
  readonly restarts: number;
  /** '' before the first start. */
  readonly snapshotHash: string;
  /** Reserved of the owner's quota at the latest start. */
  readonly computeUnits: number;
  readonly storageUnits: number;
  /** The template's at the latest start. */
  readonly schedule: Schedule | null;
  /** Until when it runs in any case; 0: not beyond its schedule. */
  readonly extendedUntil: number;
  /** Sealed; per space. */
  readonly servicePassword: string;
  /** Who asked for the present wish. */
  readonly wishedBy: string;
  readonly wishedAt: number;
  readonly deletionRequestedAt: number;
  readonly createdAt: number;
}

/** id is the snapshot's hash; the body is the sealed canonical JSON of a SpaceSnapshot. */
export interface SnapshotRow extends BaseRow {
  readonly spaceId: string;
  readonly body: string;
  readonly createdAt: number;
}

/** Observed columns of a space: written from the leaf's reports only. id is the space's. */
export interface SpaceObservedRow extends BaseRow {
  readonly location: string;
  readonly term: number;
  readonly observedGeneration: number;
  readonly observed: ObservedSpace;
  readonly reportedAt: number;
  /** Of the report, in the order in which the leaf's disk gave them out; says nothing across terms. */
  readonly sequence: number;
}

export interface VolumeObservedRow extends BaseRow {
  readonly location: string;
  readonly term: number;
  readonly observedGeneration: number;
  readonly state: string;
  readonly conditions: readonly Condition[];
  readonly reportedAt: number;
  /** As of a space's. */
  readonly sequence: number;
}

/** id is the location's name. */
export interface LocationRow extends BaseRow {
  /** True for an origin's own. */
  readonly builtIn: boolean;
  /** Hash of this location's own enrolment token; '' when none was made. */
  readonly tokenHash: string;
  /** Instances that were let in; and those that wait for an administrator's word. */
  readonly instances: readonly LeafInstance[];
  readonly policy: LocationPolicy;
  readonly createdAt: number;
}

export interface LeafInstance {
  readonly id: string;
  /** sha256 of the secret that proves it is the same instance. */
  readonly secretHash: string;
  readonly state: 'let-in' | 'waiting' | 'revoked';
  readonly address: string;
  readonly since: number;
}

export interface LocationPolicy {
  readonly drivers: readonly string[];
  readonly hostVolumes: readonly string[];
  /** Of web ports of spaces; absent: each for its owner alone. */
  readonly ports?: PortPolicy;
  /** Whether its leaf may start and stop its spaces for whoever says so at the backend; no where it is not said. */
  readonly leafWishes?: boolean;
}

/** What the leaf last said of itself. id is the location's name. */
export interface LocationStatusRow extends BaseRow {
  readonly term: number;
  readonly leafVersion: string;
  readonly protocol: number;
  readonly platforms: readonly PlatformStatus[];
  readonly facts: LocationFacts;
  readonly queueDepth: number;
  readonly spaces: number;
  /** Revision the leaf has stored. */
  readonly appliedRev: number;
  readonly reportedAt: number;
  /** Of the message, within its term; 0: of a leaf that does not count them. */
  readonly sequence: number;
}

export interface PlatformStatus {
  readonly platform: Platform;
  readonly ready: boolean;
  readonly version: string;
  readonly message: string;
  readonly lockHeld: boolean;
}

/** What templates read as `.server` and `.nomad` at that location. */
export interface LocationFacts {
  readonly url: string;
  readonly agentEndpoint: string;
  readonly wildcardDomain: string;
  readonly timezone: string;
  readonly nomadDc: string;
  readonly nomadRegion: string;
  /** Where users reach the leaf themselves; absent or '' where only its origin does. */
  readonly directUrl?: string;
  /** SHA-256 of the certificate that it shows there, where it made that itself. */
  readonly directFingerprint?: string;
  /** The one host of apps there, where no wildcard name can be had; absent or '' for none. */
  readonly appsUrl?: string;
}

/** id is the location's name. */
export interface LeaseRow extends BaseRow {
  /** A per-process id. */
  readonly holder: string;
  readonly instance: string;
  readonly term: number;
  /** By the database's clock. 0 when released. */
  readonly renewedAt: number;
}

export interface LeafCredentialRow extends BaseRow {
  readonly location: string;
  readonly instance: string;
  readonly secretHash: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number;
}

/** A marked backend object without a row: a person adopts or removes it. id is `<location>/<space id>`. */
export interface OrphanRow extends BaseRow {
  readonly spaceId: string;
  readonly location: string;
  readonly platform: Platform;
  readonly ownerName: string;
  readonly name: string;
  readonly createdAt: number;
  readonly seenAt: number;
  /** Sealed JSON of the DesiredSpace the leaf last held; '' when it holds none. */
  readonly lastKnown: string;
}

export interface OperationRow extends BaseRow {
  readonly kind: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly generation: number;
  readonly actorId: string;
  readonly createdAt: number;
}

/** id is sha256 of user and key. */
export interface IdempotencyRow extends BaseRow {
  readonly requestHash: string;
  readonly status: number;
  readonly response: unknown;
  readonly createdAt: number;
}

export interface AuditRow extends BaseRow {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly subjectKind: string;
  readonly subjectId: string;
  readonly location: string;
  readonly address: string;
  readonly outcome: 'done' | 'refused';
  readonly details: Readonly<Record<string, unknown>>;
  /** Number of the seal that covers it; 0 until it is sealed. */
  readonly seal: number;
}

/** A link of the chain over the audit. id is its number, padded. */
export interface AuditSealRow extends BaseRow {
  readonly number: number;
  /** Hash of the seal before; '' of the first. */
  readonly previous: string;
  readonly hash: string;
  /** Entries that it covers. */
  readonly count: number;
  /** `at` of the newest of them. */
  readonly newestAt: number;
  readonly sealedAt: number;
}

/** An origin of this installation that serves, or has served lately. id is that of its data folder. */
export interface OriginRow extends BaseRow {
  /** Where the other origins reach it, `http(s)://host:port`. */
  readonly internalUrl: string;
  /** sha256 of the certificate that it shows there, hex pairs with colons; '' without TLS. */
  readonly certificate: string;
  /** The location of its own. */
  readonly location: string;
  /** Whether its keys are its own and not those of the configuration. */
  readonly ownKey: boolean;
  readonly programVersion: string;
  readonly startedAt: number;
  /** By the database's clock; 0 once it has ended. */
  readonly seenAt: number;
}

/**
 * A row that a commit expects and raises so that two commits that decide on the same sum cannot both pass
 * (id `running:<user id>` guards a user's quota of running spaces).
 */
export interface GuardRow extends BaseRow {
  readonly touchedAt: number;
}

/** Small sealed things of the server itself (keys, canary). */
export interface SecretRow extends BaseRow {
  readonly value: string;
}
