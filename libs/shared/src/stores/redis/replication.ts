import { KnotError } from '../../errors/index.js';
import type { RedisConnection } from './connection.js';

const WAIT_MS = 5_000;

/**
 * Sees to it that a replica has what was written on this connection, before it is acknowledged: Sentinel may make the
 * replica the master at any moment. Writes that ask at the same time share one round.
 */
export class Replication {
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(private readonly connection: RedisConnection) {}

  /** Throws `store.unavailable` when no replica has it in time; it may stand all the same. */
  confirmed(): Promise<void> {
    // A round that runs already may have been sent before this write.
    this.#next ??= this.#after(this.#running);
    return this.#next;
  }

  async #after(before: Promise<void> | null): Promise<void> {
    await before?.catch(() => undefined);
    this.#running = this.#next;
    this.#next = null;
    const replicas = await this.connection.ask((client) => client.wait(1, WAIT_MS));
    if (replicas >= 1) return;
    const message = 'no replica of Redis has confirmed the write: it may be lost';
    throw new KnotError('store.unavailable', message, 'Check the replicas of the master that Sentinel names.');
  }
}
