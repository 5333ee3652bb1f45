import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropTables, runStatements } from './run-statements.js';

/** One-time codes at sign-in, and failed attempts counted for all origins. */
export class MainSecondFactor1764000005000 implements MigrationInterface {
  readonly name = 'MainSecondFactor1764000005000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, STATEMENTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, STATEMENTS);
  }
}

const STATEMENTS = [
  `CREATE TABLE "second_factor" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "secret" longtext NOT NULL,
    "lastStep" bigint NOT NULL, "recovery" longtext NOT NULL, "linkHash" varchar(255) NOT NULL, "linkUntil" bigint
    NOT NULL, PRIMARY KEY ("id"))`,
  `CREATE TABLE "throttle" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "count" int NOT NULL, "since" bigint
    NOT NULL, INDEX "throttle_by_since" ("since", "id"), PRIMARY KEY ("id"))`,
];
