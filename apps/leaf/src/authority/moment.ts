import type { Clock } from '@knot/shared';

/** A moment by both clocks: a process that slept with its machine sees it on one of them at least. ms */
export interface Moment {
  readonly wall: number;
  readonly monotonic: number;
}

export function momentOf(clock: Clock): Moment {
  return { wall: clock.now(), monotonic: clock.monotonic() };
}

/** How long ago it was, by the clock that says longer. A wall clock set back makes nothing younger. */
export function elapsedSince(moment: Moment, clock: Clock): number {
  return Math.max(clock.now() - moment.wall, clock.monotonic() - moment.monotonic);
}
