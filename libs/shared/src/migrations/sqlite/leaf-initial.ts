import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropTables, runStatements } from './run-statements.js';

export class LeafInitial1760000000000 implements MigrationInterface {
  readonly name = 'LeafInitial1760000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, STATEMENTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, STATEMENTS);
  }
}

const STATEMENTS = [
  `CREATE TABLE "leaf_meta" ("key" varchar(255) PRIMARY KEY NOT NULL, "value" text NOT NULL)`,
  `CREATE TABLE "leaf_object" ("kind" varchar(255) NOT NULL, "id" varchar(255) NOT NULL, "sealed" blob NOT NULL,
    "listed" boolean NOT NULL, PRIMARY KEY ("kind", "id"))`,
  `CREATE TABLE "leaf_observed" ("kind" varchar(255) NOT NULL, "id" varchar(255) NOT NULL, "payload" text NOT NULL,
    "sequence" bigint NOT NULL, "pending" boolean NOT NULL, PRIMARY KEY ("kind", "id"))`,
  `CREATE INDEX "leaf_observed_by_pending" ON "leaf_observed" ("pending", "sequence")`,
  `CREATE TABLE "leaf_position" ("id" varchar(255) PRIMARY KEY NOT NULL, "epoch" varchar(255) NOT NULL, "rev"
    bigint NOT NULL, "nonce" varchar(255) NOT NULL)`,
  `CREATE TABLE "leaf_record" ("id" varchar(255) PRIMARY KEY NOT NULL, "record" text NOT NULL)`,
  `CREATE TABLE "leaf_secret" ("key" varchar(255) PRIMARY KEY NOT NULL, "sealed" blob NOT NULL)`,
  `CREATE TABLE "leaf_sequence" ("id" varchar(255) PRIMARY KEY NOT NULL, "last" bigint NOT NULL)`,
];
