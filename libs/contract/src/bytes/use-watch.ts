import { isText, jsonFields } from './json-fields.js';

/**
 * What a leaf has open for people who came to it themselves, asked about at the origin along the leaf's link: a
 * connection of lines of JSON, for as long as both are connected. The origin answers each key once at first, and again
 * when the answer changes; unasked it tells of sessions and tokens that have ended.
 */
export const USE_WATCH_PATH = '/bytes/v1/uses';
export const USE_WATCH_UPGRADE = 'knot-uses';
export const LONGEST_USE_LINE = 64 * 1024;

/** Of the log of proofs that have ended. */
export interface ProofsPosition {
  readonly epoch: string;
  readonly rev: number;
  readonly nonce: string;
}

/** Something that is open, or is to be: who has it, by which proof, and into what. */
export interface WatchedUse {
  /** Names it to the leaf. */
  readonly key: string;
  /** Id of a session or token. */
  readonly proof: string;
  readonly space: string;
  /** A web port by its name in host names; '' for the space as a whole. */
  readonly port: string;
}

/** From the leaf. */
export type UseLine =
  /** The first line: up to where it knows what has ended; null where it knows nothing. */
  | { readonly say: 'since'; readonly position: ProofsPosition | null }
  | ({ readonly say: 'watch' } & WatchedUse)
  /** Nothing of the key is open any more. */
  | { readonly say: 'drop'; readonly key: string };

/** From the origin. */
export type UseNews =
  | { readonly say: 'verdict'; readonly key: string; readonly still: boolean }
  /** At most 500 ids. */
  | { readonly say: 'ended'; readonly proofs: readonly string[]; readonly position: ProofsPosition }
  /** What has ended since is not known any more: nothing counts that was given before `at`, by the origin's clock. */
  | { readonly say: 'void'; readonly at: number; readonly position: ProofsPosition };

/** Null for anything else. */
export function parseUseLine(text: string): UseLine | null {
  const { say, key, proof, space, port, position } = jsonFields(text);
  if (say === 'since') return { say, position: positionOf(position) };
  if (!isText(key)) return null;
  if (say === 'drop') return { say, key };
  if (say !== 'watch' || !isText(proof) || !isText(space) || !isText(port)) return null;
  return { say, key, proof, space, port };
}

/** Null for anything else. */
export function parseUseNews(text: string): UseNews | null {
  const { say, key, still, proofs, at, position: told } = jsonFields(text);
  if (say === 'verdict') return isText(key) && typeof still === 'boolean' ? { say, key, still } : null;
  const position = positionOf(told);
  if (!position) return null;
  if (say === 'void') return typeof at === 'number' ? { say, at, position } : null;
  return say === 'ended' && Array.isArray(proofs) ? { say, proofs: proofs.filter(isText), position } : null;
}

function positionOf(value: unknown): ProofsPosition | null {
  if (typeof value !== 'object' || value === null) return null;
  const { epoch, rev, nonce }: { epoch?: unknown; rev?: unknown; nonce?: unknown } = value;
  return isText(epoch) && typeof rev === 'number' && isText(nonce) ? { epoch, rev, nonce } : null;
}
