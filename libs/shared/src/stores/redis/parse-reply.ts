import { KnotError } from '../../errors/index.js';

/** An answer of a script as a list of texts: what Redis has as nothing is ''. Throws `internal` for any other. */
export function textsOf(reply: unknown): readonly string[] {
  if (!Array.isArray(reply)) throw new KnotError('internal', 'a script in Redis answered with no list');
  return reply.map((part: unknown) => (typeof part === 'string' ? part : typeof part === 'number' ? String(part) : ''));
}

/** Splits a flat list into parts of the same length. */
export function partsOf(texts: readonly string[], length: number): string[][] {
  const parts: string[][] = [];
  for (let at = 0; at + length <= texts.length; at += length) parts.push(texts.slice(at, at + length));
  return parts;
}
