import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { createConnection, type Connection } from 'mysql2/promise';
import { startChild, type Child } from './child.js';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';
import { removeFolder, testFolder } from './test-folder.js';

const INSTALL = '/usr/bin/mariadb-install-db';
const SERVER = '/usr/sbin/mariadbd';

export interface MariadbAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** One real MariaDB on loopback, in a folder of its own, that ends with the process that started it. */
export interface Mariadb extends MariadbAccess {
  /** Runs statements as the administrator and gives the rows of the last one. */
  sql(...statements: string[]): Promise<Record<string, unknown>[]>;
  /** An empty database with a name of its own. */
  freshDatabase(): Promise<string>;
  /** kill -9; data and port are kept for `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** SIGSTOP and SIGCONT. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

export function startMariadb(...flags: string[]): Promise<Mariadb> {
  return startServer(flags, 'of-the-tests');
}

/** `prepare` is given the folder of the data before the server starts on it; without a password root needs none. */
export async function startServer(
  flags: readonly string[],
  rootPassword: string,
  prepare: (data: string) => void = () => undefined,
): Promise<Mariadb> {
  if (!existsSync(SERVER)) throw new Error(`There is no ${SERVER}. Run: node test/tools/get.mjs`);
  const folder = testFolder('mariadb');
  const data = join(folder, 'data');
  const user = userInfo().username;
  // Whoever starts removes what looks left behind in the temporary folder: none shares it.
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const common = ['--no-defaults', `--datadir=${data}`, `--tmpdir=${temporary}`, `--user=${user}`];
  const install = await startChild(INSTALL, [...common, '--auth-root-authentication-method=normal', '--skip-test-db']);
  const { code } = await install.exited;
  if (code !== 0) throw new Error(`${INSTALL} failed (exit code ${code}):\n${install.output().slice(-3_000)}`);
  const access = { host: '127.0.0.1', port: await freePort(), user: 'root', password: rootPassword };
  prepare(data);
  const running = [
    ...common,
    `--socket=${join(folder, 'socket')}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--port=${access.port}`,
    '--bind-address=127.0.0.1',
    '--innodb-buffer-pool-size=64M',
    '--innodb-log-file-size=32M',
    '--max-connections=400',
    ...flags,
  ];
  let child: Child | null = null;
  const up = async (password = access.password): Promise<void> => {
    child = await startChild(SERVER, running);
    const started = child;
    await eventually(
      () => (started.isRunning() ? withConnection({ ...access, password }, (c) => c.ping()).then(() => 'up') : 'ended'),
      Boolean,
      { timeout: 60_000, what: 'MariaDB to answer' },
    );
    if (!started.isRunning()) throw new Error(`MariaDB ended:\n${started.output().slice(-3_000)}`);
  };
  await up('');
  const setPassword = `ALTER USER root@localhost IDENTIFIED BY '${access.password}'`;
  if (rootPassword !== '') {
    await withConnection({ ...access, password: '' }, (connection) => connection.query(setPassword));
  }
  return {
    ...access,
    ...mariadbAt(access),
    up,
    async down() {
      await child?.kill();
    },
    freeze: () => child?.signal('SIGSTOP'),
    thaw: () => child?.signal('SIGCONT'),
    async stop() {
      await child?.kill();
      removeFolder(folder);
    },
  };
}

/** What may be done with a server that runs already. */
export function mariadbAt(access: MariadbAccess): Pick<Mariadb, 'sql' | 'freshDatabase'> {
  const sql: Mariadb['sql'] = (...statements) =>
    withConnection(access, async (connection) => {
      let rows: unknown = [];
      for (const statement of statements) [rows] = await connection.query(statement);
      return Array.isArray(rows) ? rows.map((row: object) => ({ ...row })) : [];
    });
  return {
    sql,
    async freshDatabase() {
      const name = `test_${randomUUID().slice(0, 8)}`;
      await sql(`CREATE DATABASE ${name}`);
      return name;
    },
  };
}

async function withConnection<T>(access: MariadbAccess, work: (connection: Connection) => Promise<T>): Promise<T> {
  const { host, port, user, password } = access;
  const connection = await createConnection({ host, port, user, password, connectTimeout: 5_000 });
  try {
    return await work(connection);
  } finally {
    connection.destroy();
  }
}
