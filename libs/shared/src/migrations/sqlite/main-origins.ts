import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.js';

/** The origins of an installation find each other. */
export class MainOrigins1764000008000 implements MigrationInterface {
  readonly name = 'MainOrigins1764000008000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `CREATE TABLE "origin" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "internalUrl"
        varchar(255) NOT NULL, "location" varchar(255) NOT NULL, "ownKey" boolean NOT NULL, "programVersion"
        varchar(255) NOT NULL, "startedAt" bigint NOT NULL, "seenAt" bigint NOT NULL)`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`DROP TABLE "origin"`]);
  }
}
