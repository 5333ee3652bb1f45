import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.js';

/** Which templates may use a protected variable, and who approved a version of a template. */
export class MainProtectedUse1764000000000 implements MigrationInterface {
  readonly name = 'MainProtectedUse1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `ALTER TABLE "variable" ADD COLUMN "templates" text NOT NULL DEFAULT '[]'`,
      `ALTER TABLE "template_version" ADD COLUMN "approvedBy" varchar(255) NOT NULL DEFAULT ''`,
      // until now only administrators could write one
      `UPDATE "template_version" SET "approvedBy" = "author"`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `ALTER TABLE "template_version" DROP COLUMN "approvedBy"`,
      `ALTER TABLE "variable" DROP COLUMN "templates"`,
    ]);
  }
}
