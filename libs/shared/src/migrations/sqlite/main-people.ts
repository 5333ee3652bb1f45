import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.js';

/** Groups, roles, and quotas. Everybody who was a user keeps what a user may. */
export class MainPeople1764000003000 implements MigrationInterface {
  readonly name = 'MainPeople1764000003000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `CREATE TABLE "group" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "name" varchar(255)
        NOT NULL, "description" text NOT NULL, "maxSpaces" integer NOT NULL, "maxRunning" integer NOT NULL,
        "computeUnits" integer NOT NULL, "storageUnits" integer NOT NULL, "createdAt" bigint NOT NULL)`,
      `CREATE INDEX "group_by_name" ON "group" ("name", "id")`,
      `CREATE TABLE "role" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "name" varchar(255)
        NOT NULL, "description" text NOT NULL, "permissions" text NOT NULL, "createdAt" bigint NOT NULL)`,
      `CREATE INDEX "role_by_name" ON "role" ("name", "id")`,
      ...COLUMNS.map(([table, column]) => `ALTER TABLE "${table}" ADD COLUMN ${column}`),
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    const columns = COLUMNS.map(
      ([table, column]) => `ALTER TABLE "${table}" DROP COLUMN ${column.split(' ')[0] ?? ''}`,
    );
    await runStatements(runner, [...columns, `DROP TABLE "role"`, `DROP TABLE "group"`]);
  }
}

const COLUMNS: readonly (readonly [string, string])[] = [
  ['user', `"roles" text NOT NULL DEFAULT '["user"]'`],
  ['user', `"groups" text NOT NULL DEFAULT '[]'`],
  ['user', `"maxSpaces" integer NOT NULL DEFAULT 0`],
  ['user', `"computeUnits" integer NOT NULL DEFAULT 0`],
  ['user', `"storageUnits" integer NOT NULL DEFAULT 0`],
  ['template', `"groups" text NOT NULL DEFAULT '[]'`],
  ['template', `"locations" text NOT NULL DEFAULT '[]'`],
  ['template', `"computeUnits" integer NOT NULL DEFAULT 0`],
  ['template', `"storageUnits" integer NOT NULL DEFAULT 0`],
  ['space', `"computeUnits" integer NOT NULL DEFAULT 0`],
  ['space', `"storageUnits" integer NOT NULL DEFAULT 0`],
];
