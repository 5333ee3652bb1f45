import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropTables, runStatements } from './run-statements.js';

/** What was used over time, in hours and days. */
export class MainUsage1764000045000 implements MigrationInterface {
  readonly name = 'MainUsage1764000045000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, TABLES);
  }
}

const TABLES = [
  `CREATE TABLE "usage" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "subject" varchar(255)
    NOT NULL, "bucket" varchar(255) NOT NULL, "since" bigint NOT NULL, "peaks" text NOT NULL,
    "keptUntil" bigint NOT NULL)`,
  `CREATE INDEX "usage_by_keptUntil" ON "usage" ("keptUntil", "id")`,
];
