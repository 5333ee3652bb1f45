import { setTimeout as sleep } from 'node:timers/promises';
import { KnotError } from '../../../errors/index.js';
import type { RandomSource } from '../../../secrets/random-text.js';
import type { Commit, StreamName } from '../../store.js';
import type { RowCodecs } from '../row-codec.js';
import { writeMysqlCommit } from './mysql-commit.js';
import { toMysqlError, troubleOf } from './mysql-errors.js';
import { appendMysqlLog, wasLogged, type LogTrace } from './mysql-log.js';
import { CommitMarks } from './mysql-marks.js';
import type { MysqlPool } from './mysql-pool.js';
import type { MysqlSession } from './mysql-session.js';

const NONCE_BYTES = 9;
/** How often a transaction is done again at least because others were in its way, and for how long. */
const CONFLICT_ATTEMPTS = 12;
const CONFLICT_MS = 30_000;
/** How long a server that does not answer is waited for: a restart takes less. */
const OUTAGE_MS = 8_000;
/** How long the outcome of a COMMIT is looked for. */
const OUTCOME_MS = 30_000;
const LONGEST_PAUSE_MS = 500;

export interface Written {
  readonly heads: ReadonlyMap<StreamName, number>;
  readonly nonce: string;
  readonly epoch: string;
}

interface Ports {
  readonly pool: MysqlPool;
  readonly codecs: RowCodecs;
  readonly random: RandomSource;
  readonly place: string;
}

interface Attempt<T> {
  readonly result: T;
  /** Set when the answer to COMMIT was lost: finds out whether it happened, on another connection. */
  readonly unknown?: { readonly happened: (session: MysqlSession) => Promise<boolean>; readonly cause: unknown };
}

/** Transactions, each done again as a whole when others were in its way or its connection broke (ADR 0010). */
export class MysqlCommits {
  readonly #marks = new CommitMarks();
  #sweptAt = -Infinity;

  constructor(private readonly ports: Ports) {}

  async write(commit: Commit): Promise<Written> {
    await this.#forgetOldMarks();
    return this.#again((session) => this.#attempt(session, commit));
  }

  /** Runs work that may be done again. */
  transaction<T>(work: (session: MysqlSession) => Promise<T>): Promise<T> {
    return this.#again(async (session) => {
      await session.run('START TRANSACTION');
      const result = await this.#orRollback(session, () => work(session));
      await session.run('COMMIT');
      return { result };
    });
  }

  async #attempt(session: MysqlSession, commit: Commit): Promise<Attempt<Written>> {
    const nonce = Buffer.from(this.ports.random(NONCE_BYTES)).toString('base64url');
    await session.run('START TRANSACTION');
    const result = await this.#orRollback(session, async () => {
      const [epoch] = await session.all(`SELECT "value" FROM "epoch" WHERE "id" = 'epoch'`);
      await writeMysqlCommit(session, this.ports.codecs, commit);
      if ((commit.log ?? []).length === 0) await this.#marks.put(session, nonce);
      const heads = await appendMysqlLog(session, commit.log ?? [], nonce);
      return { heads, nonce, epoch: String(epoch?.['value']) };
    });
    const [traced] = result.heads;
    const trace: LogTrace | null = traced === undefined ? null : { stream: traced[0], rev: traced[1], nonce };
    try {
      await session.run('COMMIT');
    } catch (error) {
      if (troubleOf(error) !== 'elsewhere') throw error;
      const happened = (other: MysqlSession): Promise<boolean> =>
        trace === null ? this.#marks.wasPut(other, nonce) : wasLogged(other, trace);
      return { result, unknown: { happened, cause: error } };
    }
    if (trace === null) this.#marks.settle(nonce);
    return { result };
  }

  async #orRollback<T>(session: MysqlSession, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // A connection that is gone has rolled back by itself.
      if (!session.isBroken) await session.run('ROLLBACK').catch(() => session.destroy());
      throw error;
    }
  }

  async #again<T>(attempt: (session: MysqlSession) => Promise<Attempt<T>>): Promise<T> {
    const begun = performance.now();
    for (let turn = 1; ; turn += 1) {
      try {
        const { result, unknown } = await this.ports.pool.use(attempt);
        if (unknown === undefined || (await this.#settled(unknown))) return result;
      } catch (error) {
        const trouble = troubleOf(error);
        const passed = performance.now() - begun;
        // Nodes of Galera that write the same counter get into each other's way far more often than twelve times.
        const over = trouble === 'again' ? turn >= CONFLICT_ATTEMPTS && passed > CONFLICT_MS : passed > OUTAGE_MS;
        if (trouble === 'final' || over) throw toMysqlError(error, this.ports.place);
      }
      await pause(turn);
    }
  }

  /** Asks until somebody answers: the server may be starting anew. */
  async #settled({ happened, cause }: NonNullable<Attempt<unknown>['unknown']>): Promise<boolean> {
    const giveUpAt = performance.now() + OUTCOME_MS;
    for (let turn = 1; ; turn += 1) {
      try {
        return await this.ports.pool.use(happened);
      } catch (error) {
        if (troubleOf(error) === 'final') throw error;
        if (performance.now() > giveUpAt) throw unknownForGood(cause);
        await pause(turn);
      }
    }
  }

  async #forgetOldMarks(): Promise<void> {
    const now = performance.now();
    if (now - this.#sweptAt < 3_600_000) return;
    this.#sweptAt = now;
    await this.#again(async (session) => ({ result: await CommitMarks.forgetOld(session) }));
  }
}

function pause(turn: number): Promise<unknown> {
  return sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, 2 * 2 ** turn));
}

function unknownForGood(cause: unknown): KnotError {
  const message = 'the database did not answer: it is not known whether this was written';
  return new KnotError('store.unavailable', message, 'Look, and try again.', {}, { cause });
}
