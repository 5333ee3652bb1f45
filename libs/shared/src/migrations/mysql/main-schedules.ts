import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.js';

/** When spaces may run. */
export class MainSchedules1764000009000 implements MigrationInterface {
  readonly name = 'MainSchedules1764000009000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `ALTER TABLE "template" ADD COLUMN "schedule" longtext NOT NULL DEFAULT ('null')`,
      `ALTER TABLE "space" ADD COLUMN "schedule" longtext NOT NULL DEFAULT ('null')`,
      `ALTER TABLE "space" ADD COLUMN "extendedUntil" bigint NOT NULL DEFAULT 0`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `ALTER TABLE "space" DROP COLUMN "extendedUntil"`,
      `ALTER TABLE "space" DROP COLUMN "schedule"`,
      `ALTER TABLE "template" DROP COLUMN "schedule"`,
    ]);
  }
}
