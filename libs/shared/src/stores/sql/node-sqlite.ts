import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';

export type SqlValue = SQLInputValue;
export type SqlRecord = Record<string, SQLOutputValue>;

/** A busy wait blocks the event loop, and no other process should hold our file: so it is short. */
const BUSY_TIMEOUT_MS = 20;

interface PreparedStatement {
  readonly reader: boolean;
  all(...parameters: SqlValue[]): SqlRecord[];
  get(...parameters: SqlValue[]): SqlRecord | undefined;
  run(...parameters: SqlValue[]): { changes: number | bigint; lastInsertRowid: number | bigint };
}

/**
 * One connection of `node:sqlite`. TypeORM takes the class itself as its driver (`prepare`, `pragma`, `exec`, `close` as
 * better-sqlite3 has them); the stores use `all`, `get` and `run`, which keep prepared statements by their text.
 */
export class NodeSqlite {
  readonly raw: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(
    readonly file: string,
    options: { readonly readonly?: boolean } = {},
  ) {
    this.raw = new DatabaseSync(file, { readOnly: options.readonly ?? false, timeout: BUSY_TIMEOUT_MS });
  }

  prepare(sql: string): PreparedStatement {
    const statement = this.raw.prepare(sql);
    return {
      reader: statement.columns().length > 0,
      all: (...parameters) => statement.all(...parameters),
      get: (...parameters) => statement.get(...parameters),
      run: (...parameters) => statement.run(...parameters),
    };
  }

  pragma(text: string): SqlRecord[] {
    return this.raw.prepare(`PRAGMA ${text}`).all();
  }

  exec(sql: string): void {
    this.raw.exec(sql);
  }

  all(sql: string, ...parameters: SqlValue[]): SqlRecord[] {
    return this.#statement(sql).all(...parameters);
  }

  get(sql: string, ...parameters: SqlValue[]): SqlRecord | undefined {
    return this.#statement(sql).get(...parameters);
  }

  /** How many rows were changed. */
  run(sql: string, ...parameters: SqlValue[]): number {
    return Number(this.#statement(sql).run(...parameters).changes);
  }

  get inTransaction(): boolean {
    return this.raw.isTransaction;
  }

  close(): void {
    this.#statements.clear();
    if (this.raw.isOpen) this.raw.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.raw.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
