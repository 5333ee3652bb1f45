import type { Phase } from '@knot/domain';

/** How the page hears of the world. */
export interface Hearing {
  readonly connected: boolean;
  /** When the page last heard of the server, ms since the epoch; 0 before the first word. */
  readonly lastHeard: number;
}

export interface Sight {
  /** Whether what is shown is true now, as far as anybody can know. */
  readonly live: boolean;
  /** When it was last known to be true, ms since the epoch; 0 when never. */
  readonly asOf: number;
  /** Who is silent. */
  readonly silent: 'nobody' | 'leaf' | 'origin';
}

interface Word {
  readonly live: boolean;
  readonly asOf: number;
}

/** Of a location or a space as the server last told of it. While we hear nothing, nothing is live. */
export function sightOf(word: Word, { connected, lastHeard }: Hearing): Sight {
  if (!word.live) return { live: false, asOf: word.asOf, silent: 'leaf' };
  if (!connected) return { live: false, asOf: lastHeard, silent: 'origin' };
  return { live: true, asOf: word.asOf, silent: 'nobody' };
}

/**
 * Of a space whose location was read too. The two may be told of at different moments, and the darker word counts; while
 * a leaf is heard of, what it last said of a space holds.
 */
export function sightOfSpace(space: Word, location: Word | null, hearing: Hearing): Sight {
  const silent = !space.live || (location !== null && !location.live);
  return sightOf({ live: !silent, asOf: Math.max(space.asOf, location?.asOf ?? 0) }, hearing);
}

/** The phase that may be shown: what can change behind a silent leaf's back is unknown. */
export function shownPhase(phase: Phase, { live }: Pick<Sight, 'live'>): Phase {
  return live || phase === 'Stopped' || phase === 'Deleting' ? phase : 'Unknown';
}
