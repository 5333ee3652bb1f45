import type { Clock, Logger } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import { retrying, type NewRow, type Store } from '@knot/shared/store';
import { SYSTEM, doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import { SUSPENSION, epochGuard } from './suspension.js';

const PAGE = 500;
/** Terms count seconds from here after a restore. A column of MySQL holds them until 2088. */
const FIRST_SECOND = Date.UTC(2020) / 1_000;

/**
 * What must not hold any longer once an older database was put back: every session ends, and API tokens of before are
 * suspended until an administrator has looked at who is in it. (Whoever was thrown out since the backup is in it again.) And no leaf gets
 * a term that another one has had in the history that is gone, nor a lease while another one acts by one of that history.
 */
export class RestoredHistory {
  constructor(
    private readonly store: Store,
    private readonly deeds: Deeds,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Once per epoch, before anybody is served. A start that dies in it does it again. */
  async notice(): Promise<void> {
    const { epoch } = await this.store.head('events');
    const guard = epochGuard(epoch);
    if (await this.store.get('guard', guard)) return;
    const sessions = await this.endSessions();
    await this.holdLeases();
    const at = this.clock.now();
    await this.deeds.do(SYSTEM, async () => {
      const [before, suspended] = await Promise.all([
        this.store.get('guard', guard),
        this.store.get('guard', SUSPENSION),
      ]);
      return {
        expect: [
          { kind: 'guard', id: guard, version: before?.version ?? 0 },
          { kind: 'guard', id: SUSPENSION, version: suspended?.version ?? 0 },
        ],
        writes: [
          { put: 'guard', row: { id: guard, touchedAt: at } },
          { put: 'guard', row: { id: SUSPENSION, touchedAt: at } },
        ],
        audit: { action: 'restore.notice', subjectKind: 'installation', subjectId: epoch, details: { sessions } },
        answer: null,
      };
    });
    this.logger.warn(
      { sessions },
      'This database was put back from a backup: all sessions are ended, and API tokens made before are suspended. ' +
        'An administrator signs in by password, looks over users and tokens, and accepts it: POST /api/v1/restore/accept.',
    );
  }

  /** Somebody has looked: the tokens that are left hold again. */
  async accept(call: Call): Promise<void> {
    await this.deeds.do(doerOf(call), async () => {
      const suspension = await this.store.get('guard', SUSPENSION);
      if (!suspension) {
        throw new KnotError('state.refused', 'There is no restored backup to accept.', 'No token is suspended.');
      }
      const { version, touchedAt } = suspension;
      return {
        expect: [{ kind: 'guard', id: SUSPENSION, version }],
        writes: [{ delete: 'guard', id: SUSPENSION }],
        audit: { action: 'restore.accept', subjectKind: 'installation', subjectId: '', details: { since: touchedAt } },
        answer: undefined,
      };
    });
  }

  private async endSessions(): Promise<number> {
    for (let ended = 0; ;) {
      const { rows } = await this.store.page('session', { limit: PAGE });
      if (rows.length === 0) return ended;
      await this.store.commit({ expect: [], writes: rows.map(({ id }) => ({ delete: 'session', id })) });
      ended += rows.length;
    }
  }

  /**
   * Nobody here knows who had a lease last, nor since when. So no leaf gets one before each of them has run out; then it
   * finds that others had terms since its own last one, and lists anew before it does anything.
   */
  private async holdLeases(): Promise<void> {
    let after: string | undefined;
    do {
      const page = after === undefined ? { limit: PAGE } : { limit: PAGE, after };
      const { result } = await retrying(this.store, async () => {
        const [{ rows, next }, now] = await Promise.all([this.store.page('location', page), this.store.now()]);
        const ids = rows.map(({ id }) => id);
        const leases = new Map((await this.store.getMany('lease', ids)).map((lease) => [lease.id, lease]));
        const expect = ids.map((id) => ({ kind: 'lease' as const, id, version: leases.get(id)?.version ?? 0 }));
        const writes = ids.map((id) => ({ put: 'lease' as const, row: nobodys(id, leases.get(id)?.term ?? 0, now) }));
        return { commit: ids.length > 0 ? { expect, writes } : null, result: next ?? undefined };
      });
      after = result;
    } while (after !== undefined);
  }
}

/**
 * As if a leaf that is none of those there were had renewed it now. By the clock its term is above those of every history
 * that is gone, also where the same backup is put back twice: no location has a new term each second.
 */
function nobodys(id: string, term: number, now: number): NewRow<'lease'> {
  const second = Math.floor(now / 1_000) - FIRST_SECOND;
  return { id, holder: '', instance: '', term: Math.max(term + 1, second), renewedAt: now };
}
