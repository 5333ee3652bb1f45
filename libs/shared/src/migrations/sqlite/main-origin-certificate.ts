import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.js';

/** Origins trust one another by the certificate that each tells of. */
export class MainOriginCertificate1764000041000 implements MigrationInterface {
  readonly name = 'MainOriginCertificate1764000041000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "origin" ADD COLUMN "certificate" varchar(255) NOT NULL DEFAULT ''`]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [`ALTER TABLE "origin" DROP COLUMN "certificate"`]);
  }
}
