import { connect, type Socket } from 'node:net';
import { createConnection, format, type Connection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';
import type { ServerTarget } from '../../../names/server-names.js';
import type { SqlRecord, SqlValue } from '../node-sqlite.js';
import { isReadOnly, LostConnection, packetTooLarge, troubleOf } from './mysql-errors.js';

export interface MysqlAccount {
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  /** Null: no TLS. */
  readonly tls: { readonly ca: readonly string[] } | null;
}

export type MysqlParameter = SqlValue | readonly string[];

export interface MysqlResult {
  /** Rows that matched; an upsert counts 2 for one that was there. */
  readonly changed: number;
  readonly insertId: number;
}

const CONNECT_MS = 5_000;
/** No statement of ours takes longer on a server that works; a silent one is given up. */
const STATEMENT_MS = 15_000;
/** Of a server whose client died in the middle of a transaction: its locks are free then. */
const ABANDONED_S = 10;
export const IDLE_S = 60;
/** A connection to a server that may not be written is given up after so long, in case another one is the right one by now. */
const READ_ONLY_MS = 1_000;

const SETTINGS = [
  // `"` quotes names, as in SQLite; nothing is cut or guessed; the backslash stays what escapes text.
  "sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
  "time_zone = '+00:00'",
  'innodb_lock_wait_timeout = 5',
  `wait_timeout = ${IDLE_S}`,
];

/** Settings that only some servers have. */
const OPTIONAL_SETTINGS: Readonly<Record<string, number>> = {
  idle_transaction_timeout: ABANDONED_S,
  // Galera: a read sees what was acknowledged on any node.
  wsrep_sync_wait: 1,
};

/** One connection, set up as the store needs it (ADR 0010: isolation). Its errors are those of mysql2. */
export class MysqlSession {
  #broken = false;
  #packet = Number.MAX_SAFE_INTEGER;
  readonly openedAt = performance.now();
  usedAt = performance.now();

  private constructor(
    private readonly connection: Connection,
    readonly target: ServerTarget,
  ) {
    // A lost idle connection tells nobody else.
    connection.on('error', () => (this.#broken = true));
  }

  static async open(account: MysqlAccount, target: ServerTarget): Promise<MysqlSession> {
    const connection = await createConnection({ ...connectionOptions(account, target), stream: dial(target) });
    const session = new MysqlSession(connection, target);
    try {
      await session.#setUp();
      return session;
    } catch (error) {
      session.destroy();
      throw error;
    }
  }

  get isBroken(): boolean {
    return this.#broken;
  }

  async all(sql: string, ...parameters: readonly MysqlParameter[]): Promise<SqlRecord[]> {
    const text = this.#format(sql, parameters);
    const [rows] = await this.#within(() => this.connection.query<RowDataPacket[]>(text));
    return rows;
  }

  async run(sql: string, ...parameters: readonly MysqlParameter[]): Promise<MysqlResult> {
    const text = this.#format(sql, parameters);
    const [header] = await this.#within(() => this.connection.query<ResultSetHeader>(text));
    return { changed: header.affectedRows, insertId: header.insertId };
  }

  destroy(): void {
    this.#broken = true;
    this.connection.destroy();
  }

  async #setUp(): Promise<void> {
    await this.run(`SET SESSION ${SETTINGS.join(', ')}`);
    await this.run('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    const known = await this.all('SHOW VARIABLES WHERE Variable_name IN (?)', [
      ...Object.keys(OPTIONAL_SETTINGS),
      'max_allowed_packet',
    ]);
    for (const { Variable_name: name, Value: value } of known) {
      const wanted = OPTIONAL_SETTINGS[String(name)];
      if (wanted !== undefined) await this.run(`SET SESSION ${String(name)} = ${wanted}`);
      else this.#packet = Number(value);
    }
  }

  #format(sql: string, parameters: readonly MysqlParameter[]): string {
    const text = parameters.length === 0 ? sql : format(sql, parameters.map(toValue));
    if (text.length * 3 > this.#packet) {
      const bytes = Buffer.byteLength(text) + 1;
      if (bytes >= this.#packet) throw packetTooLarge(bytes, this.#packet);
    }
    return text;
  }

  async #within<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#broken) throw new LostConnection('the connection is closed');
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.destroy();
        reject(new LostConnection(`no answer within ${STATEMENT_MS / 1_000} s`));
      }, STATEMENT_MS);
    });
    try {
      return await Promise.race([ask(), late]);
    } catch (error) {
      const isWorthKeeping = isReadOnly(error) && performance.now() - this.openedAt < READ_ONLY_MS;
      if (troubleOf(error) === 'elsewhere' && !isWorthKeeping) this.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** For TypeORM too, whose `user` is `username`. */
export function connectionOptions({ user, password, database, tls }: MysqlAccount, { host, port }: ServerTarget) {
  const ssl = tls && {
    ca: [...tls.ca],
    minVersion: 'TLSv1.2' as const,
    verifyIdentity: true,
    rejectUnauthorized: true,
  };
  return { host, port, user, password, database, charset: 'utf8mb4', connectTimeout: CONNECT_MS, ...(ssl && { ssl }) };
}

/** The address was looked up by name servers of our own, the certificate names the host. */
export function dial({ address, port }: ServerTarget): Socket {
  return connect({ host: address, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 10_000 });
}

/** No row holds bytes; a list is the inside of `IN (?)`. */
function toValue(value: MysqlParameter): string | number | bigint | null | string[] {
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) throw new TypeError('bytes are not stored as such');
  return [...value];
}
