import type { Clock, Logger } from '@knot/shared';
import { toKnotError, type ErrorCode, type KnotError } from '@knot/shared/errors';
import type { NewRow, Store } from '@knot/shared/store';

/** Errors that say no to somebody, as against those that say no to a mistake. */
const REFUSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'auth.required',
  'auth.failed',
  'auth.throttled',
  'access.denied',
  'access.csrf',
  'template.policy',
  'location.enrol_refused',
  'location.duplicate',
]);
/** More different refusals than this within one flush are counted as one. */
const MOST_KEYS = 1_000;

export interface Refused {
  readonly actor: string;
  readonly address: string;
  readonly action: string;
  readonly location?: string;
}

interface Tally extends Refused {
  readonly code: ErrorCode;
  readonly since: number;
  count: number;
}

/** Counts refusals and writes one audit row for each kind at every flush, so that they cannot flood the store. */
export class Refusals {
  private tallies = new Map<string, Tally>();

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly newId: () => string,
    private readonly logger: Logger,
  ) {}

  note(error: KnotError, refused: Refused, count = 1): void {
    if (!REFUSING.has(error.code)) return;
    const full = this.tallies.size >= MOST_KEYS;
    const who: Refused = full ? { actor: '', address: 'many', action: 'many' } : refused;
    const key = [error.code, who.actor, who.address, who.action, who.location ?? ''].join('\n');
    const known = this.tallies.get(key);
    if (known) known.count += count;
    else this.tallies.set(key, { ...who, code: error.code, since: this.clock.now(), count });
  }

  async flush(): Promise<void> {
    const tallies = [...this.tallies.values()];
    this.tallies = new Map();
    if (tallies.length === 0) return;
    try {
      const writes = tallies.map((tally) => ({ put: 'audit' as const, row: this.row(tally) }));
      await this.store.commit({ expect: [], writes });
    } catch (error) {
      this.logger.warn({ err: toKnotError(error), refusals: tallies.length }, 'refusals could not be audited');
    }
  }

  private row(tally: Tally): NewRow<'audit'> {
    const { code, count, since } = tally;
    return {
      id: this.newId(),
      at: this.clock.now(),
      actor: tally.actor,
      action: tally.action,
      subjectKind: '',
      subjectId: '',
      location: tally.location ?? '',
      address: tally.address,
      outcome: 'refused',
      details: { code, count, since },
      seal: 0,
    };
  }
}
