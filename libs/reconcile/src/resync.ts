import { LONGEST_TIMER_MS, type Clock, type TimerHandle } from './clock.js';

/** Parts of a round. With 10,000 keys and a round of 5 min, 40 keys come due every 1.2 s. */
const SLOTS = 256;

export interface ResyncOptions {
  /** Each key is visited once in this time, in ms. */
  everyMs: number;
  /** The keys there are, asked once per round. */
  keys(): Iterable<string>;
  /** A key that ran within this time, in ms, is passed over in this round. By default none is. */
  quietMs?: number;
}

export interface ResyncEvents {
  onRound(): void;
  onDue(key: string): void;
  onKeysFailed(error: unknown): void;
}

/**
 * Visits every key once per round. A hash of the key fixes its place in the round, so that 10,000 keys make no burst and
 * each keeps its own rhythm; one timer stands for all.
 */
export class Resync {
  private round: { startedAt: number; slots: Set<string>[]; next: number } | undefined;
  private timer: TimerHandle | undefined;

  constructor(
    private readonly options: ResyncOptions,
    private readonly clock: Clock,
    private readonly events: ResyncEvents,
  ) {}

  start(): void {
    this.openRound(this.clock.now());
  }

  stop(): void {
    if (this.timer !== undefined) this.clock.clearTimeout(this.timer);
    this.timer = undefined;
    this.round = undefined;
  }

  forget(key: string): void {
    this.round?.slots[slotOf(key)]?.delete(key);
  }

  private openRound(startedAt: number): void {
    const slots = Array.from({ length: SLOTS }, () => new Set<string>());
    this.round = { startedAt, slots, next: 0 };
    try {
      for (const key of this.options.keys()) slots[slotOf(key)]?.add(key);
    } catch (error) {
      this.events.onKeysFailed(error);
    }
    this.events.onRound();
    this.arm();
  }

  private arm(): void {
    if (!this.round) return;
    const { slots, startedAt } = this.round;
    while (this.round.next < SLOTS && slots[this.round.next]?.size === 0) this.round.next++;
    const at = startedAt + (this.round.next * this.options.everyMs) / SLOTS;
    const ms = Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(at - this.clock.now())));
    this.timer = this.clock.setTimeout(() => this.fire(at), ms);
  }

  private fire(at: number): void {
    this.timer = undefined;
    const round = this.round;
    if (!round) return;
    if (this.clock.now() < at) return this.arm();
    if (round.next >= SLOTS) return this.openRound(this.nextStart(round.startedAt));
    const due = round.slots[round.next] ?? [];
    round.next++;
    for (const key of due) this.events.onDue(key);
    this.arm();
  }

  /** Rounds follow without drift, but a process that slept through several makes up for none. */
  private nextStart(startedAt: number): number {
    const now = this.clock.now();
    const expected = startedAt + this.options.everyMs;
    return now - expected < this.options.everyMs ? expected : now;
  }
}

/** FNV-1a over the key's code units, then murmur3's finish, so that every bit of the hash counts in the remainder. */
function slotOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % SLOTS;
}
