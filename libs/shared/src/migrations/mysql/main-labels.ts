import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropTables, runStatements } from './run-statements.js';

/** Labels of what manifests name, so that what they no longer name can be found. */
export class MainLabels1764000044000 implements MigrationInterface {
  readonly name = 'MainLabels1764000044000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, TABLES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, TABLES);
  }
}

const TABLES = [
  `CREATE TABLE "labels" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "kind" varchar(255) NOT NULL, "subjectId"
    varchar(255) NOT NULL, "labels" longtext NOT NULL, INDEX "labels_by_kind" ("kind", "id"), PRIMARY KEY ("id"))`,
];
