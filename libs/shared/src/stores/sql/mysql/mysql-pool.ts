import { KnotError } from '../../../errors/index.js';
import { LostConnection } from './mysql-errors.js';
import { IDLE_S, MysqlSession } from './mysql-session.js';

export interface MysqlPoolOptions {
  /** A new connection to wherever the server is by now. */
  readonly open: () => Promise<MysqlSession>;
  readonly maxOpen: number;
  readonly maxIdle: number;
  /** 0 = they are not renewed. */
  readonly lifetimeMs: number;
}

/** Below what the server allows an idle connection. */
const IDLE_MS = (IDLE_S - 15) * 1_000;
const SWEEP_MS = 10_000;
const PATIENCE_MS = 20_000;

interface Waiting {
  readonly take: (session: MysqlSession | null) => void;
  readonly timer: NodeJS.Timeout;
}

/** Connections that are lent to one work at a time. */
export class MysqlPool {
  readonly #idle: MysqlSession[] = [];
  readonly #lent = new Set<MysqlSession>();
  readonly #waiting: Waiting[] = [];
  #opening = 0;
  #closed = false;
  readonly #sweep: NodeJS.Timeout;

  constructor(private readonly options: MysqlPoolOptions) {
    this.#sweep = setInterval(() => this.#dropOld(), SWEEP_MS).unref();
  }

  /** Runs `work` with a connection that nobody else has meanwhile. */
  async use<T>(work: (session: MysqlSession) => Promise<T>): Promise<T> {
    const session = await this.#lend();
    try {
      return await work(session);
    } finally {
      this.#giveBack(session);
    }
  }

  /** Ends all connections; what runs on them fails. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#sweep);
    for (const session of [...this.#idle.splice(0), ...this.#lent]) session.destroy();
    for (const { take } of this.#waiting.splice(0)) take(null);
  }

  async #lend(): Promise<MysqlSession> {
    if (this.#closed) throw closed();
    this.#dropOld();
    const session = this.#idle.pop() ?? (await this.#openOrWait());
    if (this.#closed) {
      session.destroy();
      throw closed();
    }
    this.#lent.add(session);
    return session;
  }

  async #openOrWait(): Promise<MysqlSession> {
    if (this.#lent.size + this.#opening >= this.options.maxOpen) {
      const session = await this.#wait();
      if (session !== null) return session;
      if (this.#closed) throw closed();
    }
    this.#opening += 1;
    try {
      return await this.options.open();
    } catch (error) {
      this.#passOn();
      throw error;
    } finally {
      this.#opening -= 1;
    }
  }

  /** A connection that was given back, or null for leave to open one. */
  #wait(): Promise<MysqlSession | null> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new LostConnection(`no connection was free within ${PATIENCE_MS / 1_000} s`));
      }, PATIENCE_MS);
      const take = (session: MysqlSession | null): void => {
        clearTimeout(timer);
        resolve(session);
      };
      const waiting = { take, timer };
      this.#waiting.push(waiting);
    });
  }

  #giveBack(session: MysqlSession): void {
    this.#lent.delete(session);
    session.usedAt = performance.now();
    if (this.#isSpent(session)) {
      session.destroy();
      return this.#passOn();
    }
    const next = this.#waiting.shift();
    if (next !== undefined) next.take(session);
    else if (this.#idle.length < this.options.maxIdle) this.#idle.push(session);
    else session.destroy();
  }

  #passOn(): void {
    this.#waiting.shift()?.take(null);
  }

  #isSpent(session: MysqlSession): boolean {
    const { lifetimeMs } = this.options;
    const old = lifetimeMs > 0 && performance.now() - session.openedAt > lifetimeMs;
    return this.#closed || old || session.isBroken;
  }

  #dropOld(): void {
    const stale = performance.now() - IDLE_MS;
    for (const session of this.#idle.splice(0)) {
      if (this.#isSpent(session) || session.usedAt < stale) session.destroy();
      else this.#idle.push(session);
    }
  }
}

function closed(): KnotError {
  return new KnotError('store.unavailable', 'the store is closed');
}
