import type { Store } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import type { SessionPageDto } from './identity.dto.js';

/** A user's own sessions. */
export class Sessions {
  constructor(
    private readonly store: Store,
    private readonly deeds: Deeds,
    private readonly clock: { now(): number },
  ) {}

  async list({ actor, proofId }: Call): Promise<SessionPageDto> {
    const now = this.clock.now();
    const { rows } = await this.store.page('session', { where: { userId: actor.id }, limit: 500 });
    const items = rows
      .filter((row) => row.expiresAt > now)
      .sort((a, b) => b.createdAt - a.createdAt)
      .map(({ id, address, userAgent, createdAt, expiresAt }) => {
        return { id, current: id === proofId, address, userAgent, createdAt, expiresAt };
      });
    return { items, next: null };
  }

  async end(call: Call, id: string): Promise<void> {
    await this.deeds.do(doerOf(call), async () => {
      const row = await this.store.get('session', id);
      const { version } = found(row?.userId === call.actor.id ? row : null, 'session');
      return {
        expect: [{ kind: 'session', id, version }],
        writes: [{ delete: 'session', id }],
        // whoever reads events by it is told to go, at every origin
        log: [
          { stream: 'events', kind: 'session', id, op: 'delete' },
          { stream: 'proofs', kind: 'session', id, op: 'delete' },
        ],
        audit: { action: 'session.end', subjectKind: 'user', subjectId: call.actor.id },
        answer: undefined,
      };
    });
  }
}
