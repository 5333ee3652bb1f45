import type { BaseRow } from './base-row.js';

export interface UserRow extends BaseRow {
  readonly username: string;
  readonly email: string;
  /** argon2id, PHC string. */
  readonly passwordHash: string;
  /** sha256 (hex) of issuer and subject at the OpenID provider; '' when the user is not known there. */
  readonly subject: string;
  readonly role: 'administrator' | 'user';
  /** Ids of further roles; one that is not there allows nothing. */
  readonly roles: readonly string[];
  /** Ids. */
  readonly groups: readonly string[];
  readonly active: boolean;
  /** Public keys of SSH, each as `type base64 comment`. */
  readonly sshKeys: readonly string[];
  readonly timezone: string;
  /** Quotas, each 0 = unlimited: spaces there are, spaces that run at once, and what their templates say they take. */
  readonly maxSpaces: number;
  readonly maxRunning: number;
  readonly computeUnits: number;
  readonly storageUnits: number;
  /** Since when its spaces are being deleted, after the last of which it goes itself; 0: it stays. */
  readonly deletionRequestedAt: number;
  readonly createdAt: number;
}

/** Its quotas are added to those of its members; 0 adds nothing. */
export interface GroupRow extends BaseRow {
  readonly name: string;
  readonly description: string;
  readonly maxSpaces: number;
  readonly maxRunning: number;
  readonly computeUnits: number;
  readonly storageUnits: number;
  readonly createdAt: number;
}

export interface RoleRow extends BaseRow {
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly string[];
  readonly createdAt: number;
}

export interface SessionRow extends BaseRow {
  /** id is the sha256 (hex) of the cookie's secret. */
  readonly userId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly address: string;
  readonly userAgent: string;
}

/** What a user proves beside the password. id is the user's. */
export interface SecondFactorRow extends BaseRow {
  /** Sealed, base32; '' while none is enrolled. */
  readonly secret: string;
  /** The latest step of 30 s whose code was taken: none counts twice. */
  readonly lastStep: number;
  /** sha256 (hex) of the recovery codes that are left. */
  readonly recovery: readonly string[];
  /** sha256 (hex) of the one-time link by which it is enrolled; '' when there is none. */
  readonly linkHash: string;
  readonly linkUntil: number;
}

/** Failed attempts within a window. id is the sha256 (hex) of what is counted. */
export interface ThrottleRow extends BaseRow {
  readonly count: number;
  readonly since: number;
}

export interface TokenRow extends BaseRow {
  /** id is public; the secret is stored hashed only. */
  readonly userId: string;
  readonly name: string;
  readonly secretHash: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  /** 0 = never */
  readonly expiresAt: number;
  readonly lastUsedAt: number;
}

/** A space that somebody is asked to share, or to take over; stays as long as it is shared. */
export interface OfferRow extends BaseRow {
  readonly deed: 'share' | 'transfer';
  readonly spaceId: string;
  /** Who is asked. */
  readonly userId: string;
  /** Who offered it. */
  readonly fromId: string;
  /** Only what is shared is accepted and stays. */
  readonly state: 'open' | 'accepted';
  readonly createdAt: number;
}
