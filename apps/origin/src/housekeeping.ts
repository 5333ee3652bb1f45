import type { Clock, ClockTimer, Logger } from '@knot/shared';
import { toKnotError, isKnotError } from '@knot/shared/errors';
import type { Commit, Kind, Store } from '@knot/shared/store';
import type { AuditSeals } from './audit/audit-seals.js';
import type { Refusals } from './audit/refusals.js';
import { everyRow } from './deeds/each-row.js';
import { THROTTLE_WINDOW_MS } from './identity/throttle.js';
import type { Proofs } from './identity/proofs.js';
import type { OfferSweep } from './offers/offer-sweep.js';
import type { Fence, LeaderLease } from './origins/leader-lease.js';
import { forgetLabels } from './labels/labels.js';
import { forgetRollOuts } from './roll-outs/forget-roll-outs.js';
import type { UserDeletion } from './users/user-deletion.js';
import type { Users } from './users/users.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const PAGE = 200;
/** Entries that stay in each stream of the revision log, for readers that were away. */
const LOG_KEPT = 10_000;
/** An old snapshot may still be on its way to a leaf. */
const SNAPSHOT_KEPT_MS = HOUR_MS;

export interface HousekeepingPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly refusals: Refusals;
  readonly seals: AuditSeals;
  readonly proofs: Proofs;
  readonly users: Users;
  readonly userDeletion: UserDeletion;
  readonly offerSweep: OfferSweep;
  /** Of several origins one sweeps. */
  readonly leader: LeaderLease;
  /** Days; 0 keeps none. */
  readonly auditRetention: number;
}

/** What has to be done now and then, one thing after another: forgets what is over and writes down what was gathered. */
export class Housekeeping {
  private timer: ClockTimer | null = null;
  private running: Promise<void> = Promise.resolve();
  private closed = false;
  private sweptAt = -Infinity;

  constructor(private readonly ports: HousekeepingPorts) {}

  start(): void {
    if (this.closed) return;
    this.timer = this.ports.clock.setTimeout(() => {
      this.running = this.round().finally(() => this.start());
    }, MINUTE_MS);
  }

  async close(): Promise<void> {
    this.closed = true;
    this.timer?.clear();
    await this.running;
    await this.gather();
  }

  async round(): Promise<void> {
    await this.gather();
    const now = this.ports.clock.monotonic();
    if (now - this.sweptAt < HOUR_MS || this.closed) return;
    this.sweptAt = now;
    await this.try('sweep', () => this.sweep());
  }

  /** What was counted in memory goes to the store. */
  private async gather(): Promise<void> {
    await this.try('refusals', () => this.ports.refusals.flush());
    await this.try('audit seals', () => this.ports.seals.seal());
    await this.try('token use', () => this.writeTokenUse());
  }

  /** Nothing happens where another origin is at it. */
  async sweep(): Promise<void> {
    await this.ports.leader.lead((fence) => this.sweepAs(fence));
  }

  private async sweepAs(fence: Fence): Promise<void> {
    const now = this.ports.clock.now();
    const commit = async ({ expect, ...rest }: Commit): Promise<void> => {
      await this.ports.store.commit({ ...rest, expect: [...expect, await fence()] });
    };
    await this.forget(commit, 'session', 'expiresAt', (row) => row.expiresAt > now);
    await this.forgetThrottles(commit, now);
    await this.forget(commit, 'idempotency', 'createdAt', (row) => row.createdAt > now - DAY_MS);
    await this.ports.seals.seal();
    await this.ports.seals.forget(now - this.ports.auditRetention * DAY_MS);
    await this.forget(commit, 'operation', 'createdAt', (row) => row.createdAt > now - 90 * DAY_MS);
    await this.forgetSnapshots(commit, now);
    await forgetLabels(this.ports.store, commit);
    await forgetRollOuts(this.ports.store, commit, now - 90 * DAY_MS);
    await this.seeToTheInactive();
    await this.ports.offerSweep.run();
    await this.compact();
  }

  /** Deletes rows from the oldest on, up to the first that stays. */
  private async forget<K extends 'session' | 'idempotency' | 'operation'>(
    commit: (commit: Commit) => Promise<void>,
    kind: K,
    field: K extends 'session' ? 'expiresAt' : 'createdAt',
    stays: (row: { expiresAt: number; createdAt: number }) => boolean,
  ): Promise<void> {
    const { store } = this.ports;
    for (;;) {
      const { rows } = await store.page(kind, { sort: { field }, limit: PAGE });
      const over = rows.filter((row) => !stays({ expiresAt: 0, ...row }));
      if (over.length > 0) {
        await commit({ expect: [], writes: over.map(({ id }) => ({ delete: kind satisfies Kind, id })) });
      }
      if (over.length < PAGE) return;
    }
  }

  private async forgetThrottles(commit: (commit: Commit) => Promise<void>, now: number): Promise<void> {
    const { store } = this.ports;
    for (;;) {
      const { rows } = await store.page('throttle', { sort: { field: 'since' }, limit: PAGE });
      const over = rows.filter(({ since }) => since < now - THROTTLE_WINDOW_MS);
      if (over.length === 0) return;
      await commit({ expect: [], writes: over.map(({ id }) => ({ delete: 'throttle', id })) });
    }
  }

  private async forgetSnapshots(commit: (commit: Commit) => Promise<void>, now: number): Promise<void> {
    const { store } = this.ports;
    for (let after: string | undefined; ;) {
      const { rows, next } = await store.page('snapshot', { limit: PAGE, after });
      const spaces = await store.getMany('space', [...new Set(rows.map(({ spaceId }) => spaceId))]);
      const inUse = new Set(spaces.map(({ snapshotHash }) => snapshotHash));
      const over = rows.filter((row) => !inUse.has(row.id) && row.createdAt < now - SNAPSHOT_KEPT_MS);
      // the versions: a start of this moment may put the same content again
      const expect = over.map(({ id, version }) => ({ kind: 'snapshot' as const, id, version }));
      const writes = over.map(({ id }) => ({ delete: 'snapshot' as const, id }));
      if (over.length > 0) await commit({ expect, writes });
      if (next === null) return;
      after = next;
    }
  }

  /** Spaces of theirs that still run are stopped, and those who are being deleted lose what is left. */
  private async seeToTheInactive(): Promise<void> {
    const { store, users, userDeletion } = this.ports;
    for (let after: string | undefined; ;) {
      const { rows, next } = await store.page('user', { limit: PAGE, after });
      for (const { id } of rows.filter(({ active }) => !active)) {
        await users.stopRest(id);
        await userDeletion.goOn(id);
      }
      if (next === null) return;
      after = next;
    }
  }

  private async compact(): Promise<void> {
    const { store } = this.ports;
    const locations = await everyRow(store, 'location');
    const streams = ['events' as const, 'proofs' as const, ...locations.map(({ id }) => `location:${id}` as const)];
    for (const stream of streams) {
      const { rev } = await store.head(stream);
      if (rev > LOG_KEPT) await store.compact(stream, rev - LOG_KEPT);
    }
  }

  private async writeTokenUse(): Promise<void> {
    const { store, proofs } = this.ports;
    const used = proofs.takeUsed();
    for (const { version, ...row } of await store.getMany('token', [...used.keys()])) {
      const lastUsedAt = used.get(row.id) ?? row.lastUsedAt;
      try {
        await store.commit({
          expect: [{ kind: 'token', id: row.id, version }],
          writes: [{ put: 'token', row: { ...row, lastUsedAt } }],
        });
      } catch (error) {
        // deleted this very moment: then nobody asks when it was used
        if (!isKnotError(error, 'store.conflict')) throw error;
      }
    }
  }

  private async try(what: string, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.ports.logger.warn({ err: toKnotError(error), what }, 'housekeeping goes on with its next round');
    }
  }
}
