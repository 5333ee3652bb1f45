import type { Scope } from '@knot/domain';
import type { DriverClock } from '../clock.js';
import type { KubeApi } from './api.js';
import { EVENT } from './events.js';
import { ALL_KINDS, type Kind } from './kinds.js';
import type { KubeCache } from './kube-cache.js';
import { selectorOf } from './mark.js';
import { Reflector, type Change } from './reflector.js';

type Hint = (space: string | null) => void;

const SILENCE_MS = 150_000;
/** Watches that come back together are one reason to look at everything. ms */
const GATHER_MS = 250;
/** How long those that are back wait for the others: until then each look would ask the API server several times. ms */
const OTHERS_MS = 5_000;

/** Every kind of this location's objects, followed: a change that a look would tell is a hint at its space. */
export class KubeWatch {
  /** How each space was when something of it was told last. */
  private readonly told = new Map<string, string>();
  /** All who watch: what one of them hears is kept once, and is no news to the others. */
  private readonly hints = new Set<Hint>();

  constructor(
    private readonly api: KubeApi,
    private readonly scope: Scope,
    private readonly cache: KubeCache,
    private readonly clock: DriverClock,
    private readonly silenceMs = SILENCE_MS,
  ) {}

  async run(hint: Hint, signal: AbortSignal): Promise<void> {
    let gathering: unknown = null;
    const missed = (since = this.clock.monotonic()) => {
      gathering ??= this.clock.setTimeout(() => {
        gathering = null;
        if (signal.aborted) return;
        if (this.cache.isFollowed || this.clock.monotonic() - since >= OTHERS_MS) hint(null);
        else missed(since);
      }, GATHER_MS);
    };
    const waiting = new Set(ALL_KINDS);
    const reflectors = ALL_KINDS.map((kind) => {
      return new Reflector({
        api: this.api,
        kind,
        labelSelector: selectorOf(this.scope),
        cache: this.cache.of(kind.kind),
        clock: this.clock,
        silenceMs: this.silenceMs,
        onChange: (space, change) => {
          if (this.isWorthALook(kind, space, change)) for (const tell of this.hints) tell(space);
        },
        onConnected: (gap) => {
          if (waiting.delete(kind) || gap) missed();
        },
      });
    });
    const tell: Hint = (space) => {
      if (!signal.aborted) hint(space);
    };
    this.hints.add(tell);
    try {
      await Promise.all([...reflectors, this.events()].map((reflector) => reflector.run(signal)));
    } finally {
      this.hints.delete(tell);
      if (gathering !== null) this.clock.clearTimeout(gathering);
    }
  }

  /**
   * Of some ten changes that a start brings, two make its space another one. What we write ourselves is looked at by who
   * wrote it.
   */
  private isWorthALook({ kind, runs }: Kind, space: string, { name, version, news }: Change): boolean {
    const [before, now] = [this.told.get(space), this.cache.toldOf(space)];
    if (now === null) this.forget(space);
    else this.told.set(space, now);
    if (news === 'changed') return !this.cache.writes.isOwn(space, kind, name, version);
    return news === 'gone' || !runs || now === null || now !== before;
  }

  private forget(space: string): void {
    this.told.delete(space);
    this.cache.events.noteWhole(space);
  }

  /** No hints: what an event tells of shows by itself. */
  private events(): Reflector {
    return new Reflector({
      ...{ api: this.api, kind: EVENT, labelSelector: '', clock: this.clock, silenceMs: this.silenceMs },
      cache: this.cache.events,
      onChange: () => undefined,
      onConnected: () => undefined,
    });
  }
}
