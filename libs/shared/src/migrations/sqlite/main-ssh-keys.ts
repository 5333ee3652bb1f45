import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.js';

/** The public keys of users. */
export class MainSshKeys1764000028000 implements MigrationInterface {
  readonly name = 'MainSshKeys1764000028000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "user" ADD COLUMN "sshKeys" text NOT NULL DEFAULT '[]'`]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "user" DROP COLUMN "sshKeys"`]);
  }
}
