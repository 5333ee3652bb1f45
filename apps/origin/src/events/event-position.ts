import type { Position } from '@knot/shared/store';

/** A position as the id of a server-sent event. */
export function eventId({ epoch, rev, nonce }: Position): string {
  return `${epoch}:${rev}:${nonce}`;
}

/** Null for anything that no origin ever sent. */
export function parseEventId(text: string): Position | null {
  const [, epoch, rev, nonce] = /^([0-9a-f-]{36}):(\d{1,15}):([A-Za-z0-9_-]{0,32})$/.exec(text) ?? [];
  return epoch === undefined || rev === undefined || nonce === undefined ? null : { epoch, rev: Number(rev), nonce };
}
