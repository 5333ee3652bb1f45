/** Who makes a call of the sync service. The location comes from the credential, never from a message. */
export interface LeafIdentity {
  readonly location: string;
  /** uuid of the leaf's disk. */
  readonly instance: string;
}

export interface KnownLeaf {
  readonly identity: LeafIdentity;
  /** For the audit; never trusted. */
  readonly address: string;
}

export interface SyncCaller extends KnownLeaf {
  /** Aborted when the caller is gone or its credential was revoked. */
  readonly signal: AbortSignal;
}
