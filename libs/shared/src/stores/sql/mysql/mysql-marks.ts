import type { MysqlSession } from './mysql-session.js';

const NOW_MS = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';
/** Longer than anybody looks for the outcome of a commit. */
const KEPT_MS = 600_000;

/** Marks of commits that wrote nothing to the log: see `CommitMarkEntity`. */
export class CommitMarks {
  #settled: string[] = [];

  /** Part of the commit. What was settled before is forgotten in the same transaction. */
  async put(session: MysqlSession, id: string): Promise<void> {
    const settled = this.#settled.splice(0, 100);
    if (settled.length > 0) await session.run('DELETE FROM "commit_mark" WHERE "id" IN (?)', settled);
    await session.run(`INSERT INTO "commit_mark" ("id", "at") VALUES (?, ${NOW_MS})`, id);
  }

  /** Whoever asked knows how it ended. */
  settle(id: string): void {
    this.#settled.push(id);
  }

  /** Whether the commit of that mark has happened: one that has not ended yet is waited for by its key. */
  async wasPut(session: MysqlSession, id: string): Promise<boolean> {
    // Where this can be put, the commit that would have put it is undone for good.
    await session.run('INSERT IGNORE INTO "commit_mark" ("id", "at") VALUES (?, 0)', id);
    const [mark] = await session.all('SELECT "at" FROM "commit_mark" WHERE "id" = ?', id);
    this.settle(id);
    return Number(mark?.['at'] ?? 0) > 0;
  }

  /** What processes left that died. */
  static async forgetOld(session: MysqlSession): Promise<void> {
    await session.run(`DELETE FROM "commit_mark" WHERE "at" < ${NOW_MS} - ${KEPT_MS}`);
  }
}

export async function databaseTime(session: MysqlSession): Promise<number> {
  const [row] = await session.all(`SELECT ${NOW_MS} AS "now"`);
  return Number(row?.['now']);
}
