import type { ProofsPosition } from '@knot/contract';
import type { KeyAndCertificate } from '@knot/link';
import type { ObservedSpace, SnapshotData } from '@knot/domain';
import type { VolumeReport } from '../volumes/volume-report.js';
import { KnotError } from '@knot/shared/errors';

const GROUPS = ['space', 'template', 'user', 'server', 'nomad', 'var'] as const;

/** The data of a snapshot as an origin freezes it. Throws `internal` for what no origin of this protocol sends. */
export function parseSnapshotData(text: string): SnapshotData {
  const data: unknown = JSON.parse(text);
  const isGroup = (name: string) => typeof data === 'object' && data !== null && isObject(Reflect.get(data, name));
  if (GROUPS.every(isGroup)) return data as SnapshotData;
  throw new KnotError('internal', 'This leaf does not understand the data of a snapshot.', 'Upgrade the leaf.');
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** What this leaf itself has put into its outbox. */
export function parseObserved(text: string): ObservedSpace {
  return JSON.parse(text) as ObservedSpace;
}

/** The same for a standalone volume. */
export function parseVolumeReport(text: string): VolumeReport {
  return JSON.parse(text) as VolumeReport;
}

/** A leaf's credential as it keeps it. */
export interface StoredCredential {
  readonly credential: string;
  /** By this machine's wall clock, ms since the epoch. */
  readonly renewAt: number;
  readonly expiresAt: number;
}

/** What this leaf itself has put among its secrets; null where there is none. */
export function parseCredential(text: string | null): StoredCredential | null {
  return text === null || text === '' ? null : (JSON.parse(text) as StoredCredential);
}

/** The same for the key of its listener. */
export function parseKeyPair(text: string | null): KeyAndCertificate | null {
  return text === null || text === '' ? null : (JSON.parse(text) as KeyAndCertificate);
}

/** The same for the keys that check tickets. */
export function parseTicketKeys(text: string | null): Readonly<Record<string, string>> {
  return text === null || text === '' ? {} : (JSON.parse(text) as Record<string, string>);
}

/** What this leaf itself has kept of sessions and tokens that have ended; null where there is nothing. */
export function parseProofEnds(text: string | null): StoredProofEnds | null {
  return text === null || text === '' ? null : (JSON.parse(text) as StoredProofEnds);
}

/** The same for what was used once: ids, each with until when it is kept. */
export function parseUses(text: string | null): readonly (readonly [string, number])[] {
  return text === null || text === '' ? [] : (JSON.parse(text) as readonly (readonly [string, number])[]);
}

export interface StoredProofEnds {
  /** Ids, each with until when it is kept. */
  readonly ended: readonly (readonly [string, number])[];
  readonly voidBefore: number;
  readonly position: ProofsPosition | null;
}

/** Somebody whom this leaf has let in by a grant. */
export interface Entry {
  readonly id: string;
  /** ms since the epoch */
  readonly at: number;
  /** User id. */
  readonly user: string;
  readonly space: string;
  readonly action: string;
  readonly address: string;
  /** Id of the grant. */
  readonly grant: string;
}

/** The same for whom it has let in by a grant. */
export function parseEntries(text: string | null): readonly Entry[] {
  return text === null || text === '' ? [] : (JSON.parse(text) as readonly Entry[]);
}
