import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropTables, runStatements } from './run-statements.js';

/** Versions of templates on their way to spaces. */
export class MainRollOuts1764000043000 implements MigrationInterface {
  readonly name = 'MainRollOuts1764000043000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, TABLES);
  }
}

const TABLES = [
  `CREATE TABLE "roll_out" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "templateId" varchar(255) NOT NULL,
    "number" int NOT NULL, "before" int NOT NULL, "state" varchar(255) NOT NULL, "reason" longtext NOT NULL,
    "moment" varchar(255) NOT NULL, "actorId" varchar(255) NOT NULL, "actor" varchar(255) NOT NULL, "address"
    varchar(255) NOT NULL, "stages" longtext NOT NULL, "stage" int NOT NULL, "atOnce" int NOT NULL, "failureLimit"
    int NOT NULL, "forgiven" int NOT NULL, "patienceMs" bigint NOT NULL, "createdAt" bigint NOT NULL, "updatedAt"
    bigint NOT NULL, INDEX "roll_out_by_templateId" ("templateId", "id"), INDEX "roll_out_by_state" ("state", "id"),
    INDEX "roll_out_by_createdAt" ("createdAt", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "roll_out_space" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "rollOutId" varchar(255) NOT
    NULL, "spaceId" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "owner" varchar(255) NOT NULL, "location"
    varchar(255) NOT NULL, "before" int NOT NULL, "stage" int NOT NULL, "state" varchar(255) NOT NULL, "message"
    longtext NOT NULL, "hint" longtext NOT NULL, "operationId" varchar(255) NOT NULL, "since" bigint NOT NULL, INDEX
    "roll_out_space_by_rollOutId" ("rollOutId", "id"), INDEX "roll_out_space_by_state" ("state", "id"), INDEX
    "roll_out_space_by_stage" ("stage", "id"), PRIMARY KEY ("id"))`,
];
