import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.js';

/** The shell that a space asks for. */
export class MainShells1764000048000 implements MigrationInterface {
  readonly name = 'MainShells1764000048000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "space" ADD COLUMN "shell" varchar(255) NOT NULL DEFAULT ''`]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "space" DROP COLUMN "shell"`]);
  }
}
