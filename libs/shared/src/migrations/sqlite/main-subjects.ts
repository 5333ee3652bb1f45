import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.js';

/** Users that an OpenID provider knows. */
export class MainSubjects1764000030000 implements MigrationInterface {
  readonly name = 'MainSubjects1764000030000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "user" ADD COLUMN "subject" varchar(255) NOT NULL DEFAULT ''`]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "user" DROP COLUMN "subject"`]);
  }
}
