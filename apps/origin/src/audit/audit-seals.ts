import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { AuditRow, Store } from '@knot/shared/store';
import { sealHash, sealId, type ChainState } from './audit-chain.js';
import type { ChainStore } from './chain-store.js';

/** Entries of one seal at most. */
const BATCH = 500;
/** Fewer entries are sealed once the oldest of them has waited so long. */
const LONGEST_WAIT_MS = 5 * 60_000;

export interface AuditSealsPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly chain: ChainStore;
}

/**
 * Seals audit entries in batches, each with a hash over the batch and the seal before. That happens beside the deeds: a
 * chain from entry to entry would make every commit wait for the one before.
 */
export class AuditSeals {
  constructor(private readonly ports: AuditSealsPorts) {}

  /** Throws `store.conflict` when somebody else seals at the same moment: the next round goes on. */
  async seal(): Promise<void> {
    for (;;) {
      const { rows } = await this.ports.store.page('audit', { where: { seal: 0 }, limit: BATCH });
      const oldest = rows.reduce((least, { at }) => Math.min(least, at), Infinity);
      if (rows.length === 0) return;
      if (rows.length < BATCH && this.ports.clock.now() - oldest < LONGEST_WAIT_MS) return;
      await this.add(rows);
      if (rows.length < BATCH) return;
    }
  }

  /** Forgets whole seals, oldest first, whose entries are all from before a time. */
  async forget(before: number): Promise<void> {
    const { store, chain } = this.ports;
    for (;;) {
      const { state, version } = await this.intact();
      const number = state.forgotten + 1;
      const seal = number > state.head ? null : await store.get('auditSeal', sealId(number));
      if (!seal || seal.newestAt >= before) return;
      const { expect, write } = chain.advance({ ...state, forgotten: number }, version);
      const gone = (await chain.entries(number)).map(({ id }) => ({ delete: 'audit' as const, id }));
      await store.commit({ expect: [expect], writes: [write, { delete: 'auditSeal', id: seal.id }, ...gone] });
    }
  }

  private async add(rows: readonly AuditRow[]): Promise<void> {
    const { store, clock, chain } = this.ports;
    const { state, version } = await this.intact();
    const number = state.head + 1;
    const hash = sealHash(number, state.hash, rows);
    const { expect, write } = chain.advance({ ...state, head: number, hash }, version);
    const newestAt = rows.reduce((most, { at }) => Math.max(most, at), 0);
    const counted = { count: rows.length, newestAt, sealedAt: clock.now() };
    const row = { id: sealId(number), number, previous: state.hash, hash, ...counted };
    await store.commit({
      expect: [expect, { kind: 'auditSeal', id: row.id, version: 0 }],
      writes: [
        write,
        { put: 'auditSeal', row },
        ...rows.map(({ version: _, ...entry }) => ({ put: 'audit' as const, row: { ...entry, seal: number } })),
      ],
    });
  }

  private async intact(): Promise<{ readonly state: ChainState; readonly version: number }> {
    const { state, version } = await this.ports.chain.state();
    if (state) return { state, version };
    throw new KnotError(
      'internal',
      'The state of the audit chain was changed by somebody else; nothing more is sealed.',
    );
  }
}
