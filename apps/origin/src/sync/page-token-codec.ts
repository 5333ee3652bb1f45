import { KnotError } from '@knot/shared/errors';
import type { Position } from '@knot/shared/store';

/** Where a listing is: the position it began at goes with it, so that the Watch after it misses nothing. */
export interface PageToken {
  readonly kind: 'space' | 'volume';
  /** Id of the last object of the page before; null for the first page of the kind. */
  readonly after: string | null;
  readonly position: Position;
}

export function encodePageToken(token: PageToken): string {
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** Throws `sync.relist` for a text that is none of ours. */
export function parsePageToken(text: string): PageToken {
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (isPageToken(token)) return token;
  } catch {
    // told below
  }
  throw new KnotError('sync.relist', 'The page token does not parse', 'List from the first page.');
}

function isPageToken(token: unknown): token is PageToken {
  if (typeof token !== 'object' || token === null) return false;
  const { kind, after, position } = token as Partial<Record<keyof PageToken, unknown>>;
  const isKind = kind === 'space' || kind === 'volume';
  return isKind && (after === null || typeof after === 'string') && isPosition(position);
}

function isPosition(position: unknown): position is Position {
  if (typeof position !== 'object' || position === null) return false;
  const { epoch, rev, nonce } = position as Partial<Record<keyof Position, unknown>>;
  return typeof epoch === 'string' && Number.isSafeInteger(rev) && typeof nonce === 'string';
}
