import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropTables, runStatements } from './run-statements.js';

/** Spaces that are shared, and those that somebody is asked to share or to take over. */
export class MainOffers1764000020000 implements MigrationInterface {
  readonly name = 'MainOffers1764000020000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      ...TABLES,
      `ALTER TABLE "space" ADD COLUMN "sharedWith" longtext NOT NULL DEFAULT ('[]')`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "space" DROP COLUMN "sharedWith"`]);
    await dropTables(runner, TABLES);
  }
}

const TABLES = [
  `CREATE TABLE "offer" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "deed" varchar(255) NOT NULL, "spaceId"
    varchar(255) NOT NULL, "userId" varchar(255) NOT NULL, "fromId" varchar(255) NOT NULL, "state" varchar(255) NOT
    NULL, "createdAt" bigint NOT NULL, INDEX "offer_by_spaceId" ("spaceId", "id"), INDEX "offer_by_userId" ("userId",
    "id"), INDEX "offer_by_fromId" ("fromId", "id"), PRIMARY KEY ("id"))`,
];
