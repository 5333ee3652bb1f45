import type { QueryRunner } from 'typeorm';

/**
 * MySQL undoes no change of a table: a migration that was cut off begins anew, and passes over what it had done. There
 * is: table 1050, column 1060, index 1061; is gone: table 1051, column or index 1091.
 */
const DONE_BEFORE = new Set<unknown>([1050, 1051, 1060, 1061, 1091]);

/** Runs statements that quote names by `"`, as those for SQLite do. */
export async function runStatements(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  await runner.query("SET SESSION sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'");
  for (const statement of statements) {
    try {
      await runner.query(statement);
    } catch (error) {
      if (!DONE_BEFORE.has(numberOf(error))) throw error;
    }
  }
  await runner.query('SET SESSION sql_mode = DEFAULT');
}

/** Undoes a migration that only made tables. */
export async function dropTables(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  const tables = statements.map((statement) => /^CREATE TABLE ("[^"]+")/.exec(statement)?.[1]);
  await runStatements(
    runner,
    tables.filter((table) => table !== undefined).map((table) => `DROP TABLE ${table}`),
  );
}

function numberOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('driverError' in error) return numberOf(error.driverError);
  return 'errno' in error ? error.errno : undefined;
}
