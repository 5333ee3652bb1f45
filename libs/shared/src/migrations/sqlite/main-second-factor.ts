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
  `CREATE TABLE "second_factor" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "secret" text
    NOT NULL, "lastStep" bigint NOT NULL, "recovery" text NOT NULL, "linkHash" varchar(255) NOT NULL, "linkUntil"
    bigint NOT NULL)`,
  `CREATE TABLE "throttle" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "count" integer NOT
    NULL, "since" bigint NOT NULL)`,
  `CREATE INDEX "throttle_by_since" ON "throttle" ("since", "id")`,
];
