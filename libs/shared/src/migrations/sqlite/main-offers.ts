import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropTables, runStatements } from './run-statements.js';

/** Spaces that are shared, and those that somebody is asked to share or to take over. */
export class MainOffers1764000020000 implements MigrationInterface {
  readonly name = 'MainOffers1764000020000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [...TABLES, `ALTER TABLE "space" ADD COLUMN "sharedWith" text NOT NULL DEFAULT '[]'`]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "space" DROP COLUMN "sharedWith"`]);
    await dropTables(runner, TABLES);
  }
}

const TABLES = [
  `CREATE TABLE "offer" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "deed" varchar(255)
    NOT NULL, "spaceId" varchar(255) NOT NULL, "userId" varchar(255) NOT NULL, "fromId" varchar(255) NOT NULL, "state"
    varchar(255) NOT NULL, "createdAt" bigint NOT NULL)`,
  `CREATE INDEX "offer_by_spaceId" ON "offer" ("spaceId", "id")`,
  `CREATE INDEX "offer_by_userId" ON "offer" ("userId", "id")`,
  `CREATE INDEX "offer_by_fromId" ON "offer" ("fromId", "id")`,
];
