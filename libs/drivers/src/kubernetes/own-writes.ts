import type { DriverClock } from '../clock.js';
import { objectAt, textAt, type JsonObject } from './json.js';
import type { KindName } from './kinds.js';

/** What was asked for without an answer shows at some time; until then the API server itself is looked at. */
const DISTRUST_MS = 15_000;
const SWEEP_EVERY = 256;

interface Pending {
  /** By kind and name. */
  readonly revisions: Map<string, { readonly kind: KindName; readonly revision: string }>;
  /** By the monotonic clock, ms. */
  distrustedUntil: number;
}

/** What we wrote of each space and may not have come back by its watch yet: a look must not be older than our own deeds. */
export class OwnWrites {
  private readonly spaces = new Map<string, Pending>();
  private readonly underWay = new Set<string>();

  constructor(
    private readonly clock: DriverClock,
    /** Up to where a kind is known. */
    private readonly reached: (kind: KindName) => string,
  ) {}

  /** What a space is to be is written now: it may come by its watch before it is answered. Whoever begins ends. */
  begin(space: string): void {
    this.underWay.add(space);
  }

  end(space: string): void {
    this.underWay.delete(space);
  }

  /** Whether a change may be our own. */
  isOwn(space: string, kind: KindName, name: string, version: string): boolean {
    return this.underWay.has(space) || this.spaces.get(space)?.revisions.get(`${kind}/${name}`)?.revision === version;
  }

  /** Written, and answered with this. */
  wrote(space: string, kind: KindName, object: JsonObject): void {
    const metadata = objectAt(object, 'metadata');
    const revision = textAt(metadata, 'resourceVersion');
    this.pendingOf(space).revisions.set(`${kind}/${textAt(metadata, 'name')}`, { kind, revision });
  }

  /** Deleted, or asked for without an answer. */
  distrust(space: string): void {
    this.pendingOf(space).distrustedUntil = this.clock.monotonic() + DISTRUST_MS;
  }

  haveComeBack(space: string): boolean {
    const pending = this.spaces.get(space);
    if (pending === undefined) return true;
    for (const [key, { kind, revision }] of pending.revisions) {
      if (isAtLeast(this.reached(kind), revision)) pending.revisions.delete(key);
    }
    if (pending.revisions.size > 0 || this.clock.monotonic() < pending.distrustedUntil) return false;
    this.spaces.delete(space);
    return true;
  }

  private pendingOf(space: string): Pending {
    const found = this.spaces.get(space);
    if (found !== undefined) return found;
    // spaces that are gone are not looked at again
    if (this.spaces.size % SWEEP_EVERY === SWEEP_EVERY - 1)
      for (const one of this.spaces.keys()) this.haveComeBack(one);
    const made: Pending = { revisions: new Map(), distrustedUntil: 0 };
    this.spaces.set(space, made);
    return made;
  }
}

/** Revisions are whole numbers, each above all before it. Of anything else nothing is said. */
function isAtLeast(revision: string, wanted: string): boolean {
  if (!/^\d+$/.test(revision) || !/^\d+$/.test(wanted)) return false;
  return BigInt(revision) >= BigInt(wanted);
}
