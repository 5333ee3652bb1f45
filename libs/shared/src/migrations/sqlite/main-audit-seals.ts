import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.js';

/** The chain of seals over the audit. Entries of before are sealed with the next. */
export class MainAuditSeals1764000001000 implements MigrationInterface {
  readonly name = 'MainAuditSeals1764000001000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `ALTER TABLE "audit" ADD COLUMN "seal" integer NOT NULL DEFAULT 0`,
      `CREATE INDEX "audit_by_seal" ON "audit" ("seal", "id")`,
      `CREATE TABLE "audit_seal" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "number" integer
        NOT NULL, "previous" varchar(255) NOT NULL, "hash" varchar(255) NOT NULL, "count" integer NOT NULL, "newestAt"
        bigint NOT NULL, "sealedAt" bigint NOT NULL)`,
    ]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(runner, [
      `DROP TABLE "audit_seal"`,
      `DROP INDEX "audit_by_seal"`,
      `ALTER TABLE "audit" DROP COLUMN "seal"`,
    ]);
  }
}
