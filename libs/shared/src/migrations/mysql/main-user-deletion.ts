import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.js';

/** Users whose spaces go before they do. */
export class MainUserDeletion1764000012000 implements MigrationInterface {
  readonly name = 'MainUserDeletion1764000012000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "user" ADD COLUMN "deletionRequestedAt" bigint NOT NULL DEFAULT 0`]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "user" DROP COLUMN "deletionRequestedAt"`]);
  }
}
