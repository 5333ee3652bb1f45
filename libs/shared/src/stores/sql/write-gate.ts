import { KnotError } from '../../errors/index.js';
import type { NodeSqlite } from './node-sqlite.js';
import { isBusy, toStoreError } from './sqlite-errors.js';

/** Writes that share one transaction at most: bounds how long one batch keeps the event loop. */
const BATCH_LIMIT = 128;

/** While another program (an operator's shell) holds the file, writes wait this long before they are refused. */
const BUSY_PATIENCE_MS = 5_000;
const BUSY_PAUSE_MS = 25;

/** Where a fault test may strike inside a batch. */
export type GatePoint = 'begun' | 'written' | 'durable';

/** `synced`: on the disk when it is answered. `soon`: with the next synced one, or when SQLite sees fit. */
export type Durability = 'synced' | 'soon';

interface Waiting {
  readonly durability: Durability;
  readonly work: () => void;
  readonly answer: () => void;
  readonly refuse: (error: unknown) => void;
}

/**
 * The one way by which anything is written to a file. A transaction is one synchronous section, so two can never
 * interleave on the connection; writes that wait in the same turn of the event loop share one (ADR 0003), each in a
 * savepoint of its own, and each is answered only after the COMMIT that made it durable.
 *
 * A write that asks for `soon` survives the end of this process like any other. A loss of power may take the last of
 * them, always from the end of the history: what is synced carries everything written before it.
 */
export class WriteGate {
  #waiting: Waiting[] = [];
  #scheduled = false;
  #closed = false;
  /** What the connection does at a COMMIT now. */
  #durability: Durability = 'synced';
  /** Since when another program has kept the file from us; null while none does. */
  #busySince: number | null = null;

  constructor(
    private readonly db: NodeSqlite,
    private readonly probe: (point: GatePoint) => void = () => {},
  ) {}

  /** Runs `work`, which must not await, in a transaction. What it throws undoes its own writes and no other's. */
  write<T>(work: () => T, durability: Durability = 'synced'): Promise<T> {
    if (this.#closed) return Promise.reject(new KnotError('store.unavailable', 'the store is closed'));
    return new Promise<T>((resolve, reject) => {
      let result: { readonly value: T } | null = null;
      this.#waiting.push({
        durability,
        work: () => (result = { value: work() }),
        answer: () => result !== null && resolve(result.value),
        refuse: (error) => reject(toStoreError(error, this.db.file)),
      });
      this.#schedule();
    });
  }

  /** Writes what still waits, then refuses. */
  close(): void {
    this.#closed = true;
    while (this.#waiting.length > 0) this.#flush();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const flush = (): void => {
      this.#scheduled = false;
      this.#flush();
      if (this.#waiting.length > 0) this.#schedule();
    };
    // A turn later: everything that the same turn of the event loop brings shares the one fsync.
    if (this.#busySince === null) setImmediate(flush);
    else setTimeout(flush, BUSY_PAUSE_MS);
  }

  #flush(): void {
    const batch = this.#waiting.splice(0, BATCH_LIMIT);
    if (batch.length === 0 || !this.#begin(batch)) return;
    const written = this.#commit(batch);
    for (const waiting of written) waiting.answer();
  }

  /** Those of the batch whose writes are durable; the others have been refused. */
  #commit(batch: readonly Waiting[]): readonly Waiting[] {
    try {
      this.probe('begun');
      const written = batch.filter((waiting) => this.#apply(waiting, batch.length === 1));
      this.probe('written');
      this.db.run('COMMIT');
      this.probe('durable');
      return written;
    } catch (error) {
      if (this.db.inTransaction) this.db.run('ROLLBACK');
      for (const waiting of batch) waiting.refuse(error);
      return [];
    }
  }

  /** False when the batch was refused, or waits again because another program has the file. */
  #begin(batch: readonly Waiting[]): boolean {
    try {
      this.#become(batch.some(({ durability }) => durability === 'synced') ? 'synced' : 'soon');
      this.db.run('BEGIN IMMEDIATE');
      this.#busySince = null;
      return true;
    } catch (error) {
      const now = performance.now();
      if (isBusy(error) && !this.#closed && now - (this.#busySince ?? now) < BUSY_PATIENCE_MS) {
        this.#busySince ??= now;
        this.#waiting.unshift(...batch);
      } else {
        for (const waiting of batch) waiting.refuse(error);
      }
      return false;
    }
  }

  #become(durability: Durability): void {
    if (durability === this.#durability) return;
    this.db.exec(`PRAGMA synchronous = ${durability === 'synced' ? 'FULL' : 'NORMAL'}`);
    this.#durability = durability;
  }

  /** True when the work's writes stand. Alone it is undone with the whole transaction, by what it throws. */
  #apply(waiting: Waiting, alone: boolean): boolean {
    if (alone) {
      waiting.work();
      return true;
    }
    this.db.run('SAVEPOINT one');
    try {
      waiting.work();
      this.db.run('RELEASE one');
      return true;
    } catch (error) {
      // A full disk or an I/O error ends the whole transaction by itself: then nobody's writes stand.
      if (!this.db.inTransaction) throw error;
      this.db.run('ROLLBACK TO one');
      this.db.run('RELEASE one');
      waiting.refuse(error);
      return false;
    }
  }
}
