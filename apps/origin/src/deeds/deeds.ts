import type { Clock } from '@knot/shared';
import { failpoint } from '@knot/shared';
import { KnotError, isKnotError } from '@knot/shared/errors';
import { retrying, type Commit, type Decision, type NewRow, type Store, type Write } from '@knot/shared/store';
import type { Call } from '../http/call.js';
import type { Deed } from './deed.js';
import { replayedAnswer } from './replay-parser.js';

/** Who does it: a person's call, or the server of its own accord. */
export type Doer = Pick<Call, 'address' | 'idempotency'> & { readonly name: string };

export const SYSTEM: Doer = { name: 'system', address: '', idempotency: null };

export function doerOf(call: Call): Doer {
  return { name: call.actor.username, address: call.address, idempotency: call.idempotency };
}

/**
 * Carries out what use cases decide: one commit with the audit row and, where the request has a key, the answer to
 * replay. `decide` runs again after a conflict and reads everything it decides on anew.
 */
export class Deeds {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly newId: () => string,
  ) {}

  async do<T>(doer: Doer, decide: () => Promise<Deed<T>>): Promise<T> {
    let taken = '';
    try {
      const { result } = await retrying(this.store, async (): Promise<Decision<T>> => {
        const replay = await this.replay<T>(doer);
        if (replay !== undefined) return { commit: null, result: replay.answer };
        const deed = await decide();
        taken = deed.taken ?? '';
        await failpoint('origin.commit.before');
        return { commit: this.commit(doer, deed), result: deed.answer };
      });
      await failpoint('origin.commit.after');
      return result;
    } catch (error) {
      if (taken === '' || !isKnotError(error, 'resource.exists')) throw error;
      throw new KnotError('resource.exists', taken, 'Choose another name.', error.details, { cause: error });
    }
  }

  private async replay<T>({ idempotency }: Doer): Promise<{ readonly answer: T } | undefined> {
    if (!idempotency) return undefined;
    const row = await this.store.get('idempotency', idempotency.id);
    if (!row) return undefined;
    if (row.requestHash === idempotency.requestHash) return { answer: replayedAnswer<T>(row) };
    const message = 'This Idempotency-Key was used for another request.';
    throw new KnotError('idempotency.mismatch', message, 'Send a new key with each new request.');
  }

  private commit<T>(doer: Doer, deed: Deed<T>): Commit {
    const { idempotency } = doer;
    const createdAt = this.clock.now();
    const writes: Write[] = [...deed.writes, { put: 'audit', row: this.auditRow(doer, deed, createdAt) }];
    if (!idempotency) return { expect: deed.expect, unique: deed.unique, writes, log: deed.log };
    const { id, requestHash } = idempotency;
    const response = deed.replay ?? deed.answer ?? null;
    writes.push({ put: 'idempotency', row: { id, requestHash, status: 200, response, createdAt } });
    const expect = [...deed.expect, { kind: 'idempotency' as const, id, version: 0 }];
    return { expect, unique: deed.unique, writes, log: deed.log };
  }

  private auditRow<T>(doer: Doer, { audit }: Deed<T>, at: number): NewRow<'audit'> {
    return {
      id: this.newId(),
      at,
      actor: doer.name,
      action: audit.action,
      subjectKind: audit.subjectKind,
      subjectId: audit.subjectId,
      location: audit.location ?? '',
      address: doer.address,
      outcome: 'done',
      details: audit.details ?? {},
      seal: 0,
    };
  }
}
