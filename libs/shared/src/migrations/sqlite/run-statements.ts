import type { QueryRunner } from 'typeorm';

export async function runStatements(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await runner.query(statement);
}

/** Undoes a migration that only made tables; their indexes go with them. */
export async function dropTables(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    const table = /^CREATE TABLE "([^"]+)"/.exec(statement)?.[1];
    if (table !== undefined) await runner.query(`DROP TABLE "${table}"`);
  }
}
