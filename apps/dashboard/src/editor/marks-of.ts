import { placeOf } from '../api/problem.js';
import type { TextMark } from './open-editor.js';

/** The place that a refused save of one text names, to be marked in it. */
export function marksOf(error: unknown): readonly TextMark[] {
  const place = placeOf(error);
  return place && error instanceof Error ? [{ ...place, message: error.message }] : [];
}
