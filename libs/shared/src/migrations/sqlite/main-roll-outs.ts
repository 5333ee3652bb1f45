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
  `CREATE TABLE "roll_out" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "templateId"
    varchar(255) NOT NULL, "number" integer NOT NULL, "before" integer NOT NULL, "state" varchar(255) NOT NULL,
    "reason" text NOT NULL, "moment" varchar(255) NOT NULL, "actorId" varchar(255) NOT NULL, "actor" varchar(255)
    NOT NULL, "address" varchar(255) NOT NULL, "stages" text NOT NULL, "stage" integer NOT NULL, "atOnce" integer
    NOT NULL, "failureLimit" integer NOT NULL, "forgiven" integer NOT NULL, "patienceMs" bigint NOT NULL,
    "createdAt" bigint NOT NULL, "updatedAt" bigint NOT NULL)`,
  `CREATE INDEX "roll_out_by_templateId" ON "roll_out" ("templateId", "id")`,
  `CREATE INDEX "roll_out_by_state" ON "roll_out" ("state", "id")`,
  `CREATE INDEX "roll_out_by_createdAt" ON "roll_out" ("createdAt", "id")`,
  `CREATE TABLE "roll_out_space" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "rollOutId"
    varchar(255) NOT NULL, "spaceId" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "owner" varchar(255) NOT
    NULL, "location" varchar(255) NOT NULL, "before" integer NOT NULL, "stage" integer NOT NULL, "state"
    varchar(255) NOT NULL, "message" text NOT NULL, "hint" text NOT NULL, "operationId" varchar(255) NOT NULL,
    "since" bigint NOT NULL)`,
  `CREATE INDEX "roll_out_space_by_rollOutId" ON "roll_out_space" ("rollOutId", "id")`,
  `CREATE INDEX "roll_out_space_by_state" ON "roll_out_space" ("state", "id")`,
  `CREATE INDEX "roll_out_space_by_stage" ON "roll_out_space" ("stage", "id")`,
];
