import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.js';

/** With whom web ports are shared. */
export class MainPortShares1764000039000 implements MigrationInterface {
  readonly name = 'MainPortShares1764000039000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `ALTER TABLE "template" ADD COLUMN "ports" text NOT NULL DEFAULT '[]'`,
      `ALTER TABLE "space" ADD COLUMN "portShares" text NOT NULL DEFAULT '[]'`,
      `ALTER TABLE "space" ADD COLUMN "templatePorts" text NOT NULL DEFAULT '[]'`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `ALTER TABLE "space" DROP COLUMN "templatePorts"`,
      `ALTER TABLE "space" DROP COLUMN "portShares"`,
      `ALTER TABLE "template" DROP COLUMN "ports"`,
    ]);
  }
}
