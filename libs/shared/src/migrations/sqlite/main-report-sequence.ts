import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runStatements } from './run-statements.js';

/** In which order a leaf gave its reports out: one that comes late overwrites none that came after it. */
export class MainReportSequence1764000014000 implements MigrationInterface {
  readonly name = 'MainReportSequence1764000014000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(
      runner,
      TABLES.map((table) => `ALTER TABLE "${table}" ADD COLUMN "sequence" bigint NOT NULL DEFAULT 0`),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runStatements(
      runner,
      TABLES.map((table) => `ALTER TABLE "${table}" DROP COLUMN "sequence"`),
    );
  }
}

const TABLES = ['space_observed', 'volume_observed', 'location_status'];
