import type { Clock, Logger } from '@knot/shared';
import { isKnotError } from '@knot/shared/errors';
import type { LocationRow, LogEntry, Position, Store } from '@knot/shared/store';
import type { LeafCredentials } from '../sync/leaf-credentials.js';
import { StreamWakeups } from '../sync/stream-wakeups.js';

const BATCH = 500;
/** Changes of so long are looked through together. */
const GATHER_MS = 100;
const POLL_MS = 1_000;

/** Cuts here what another origin has revoked: it follows the log for changed locations. */
export class RevocationsElsewhere {
  private readonly ending = new AbortController();
  private readonly wakeups: StreamWakeups;
  private readonly following: Promise<void>;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly credentials: LeafCredentials,
    private readonly logger: Logger,
  ) {
    this.wakeups = new StreamWakeups(store, clock);
    this.following = this.follow();
  }

  async close(): Promise<void> {
    this.ending.abort();
    await this.following;
    this.wakeups.close();
  }

  private async follow(): Promise<void> {
    const { signal } = this.ending;
    const listener = this.wakeups.listen('events', signal);
    for (let position: Position | null = null; !signal.aborted;) {
      try {
        position = position === null ? await this.everything() : await this.changesAfter(position);
      } catch (err) {
        // Leaves show their credential with each call all the same.
        this.logger.debug({ err }, 'the log cannot be read for revoked leaves at the moment');
      }
      await listener.next(POLL_MS);
      if (!signal.aborted) await this.clock.sleep(GATHER_MS);
    }
    listener.close();
  }

  /** Null when the log does not tell any more. */
  private async changesAfter(position: Position): Promise<Position | null> {
    let entries: readonly LogEntry[];
    try {
      entries = await this.store.log('events', position, BATCH);
    } catch (error) {
      if (isKnotError(error, 'sync.relist')) return null;
      throw error;
    }
    const ids = new Set(entries.filter(({ kind }) => kind === 'location').map(({ id }) => id));
    this.cut(await this.store.getMany('location', [...ids]));
    const last = entries.at(-1);
    if (last === undefined) return position;
    const next = { epoch: position.epoch, rev: last.rev, nonce: last.nonce };
    return entries.length === BATCH ? this.changesAfter(next) : next;
  }

  private async everything(): Promise<Position> {
    const head = await this.store.head('events');
    for (let after: string | undefined; ;) {
      const { rows, next } = await this.store.page('location', { limit: BATCH, after });
      this.cut(rows);
      if (next === null) return head;
      after = next;
    }
  }

  private cut(rows: readonly LocationRow[]): void {
    for (const { id: location, instances } of rows) {
      for (const { id: instance, state } of instances) {
        if (state === 'revoked') this.credentials.announceRevocation({ location, instance });
      }
    }
  }
}
