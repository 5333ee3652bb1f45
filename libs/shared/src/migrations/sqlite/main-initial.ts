import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropTables, runStatements } from './run-statements.js';

export class MainInitial1760000000000 implements MigrationInterface {
  readonly name = 'MainInitial1760000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, STATEMENTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, STATEMENTS);
  }
}

const STATEMENTS = [
  `CREATE TABLE "change_log" ("stream" varchar(255) NOT NULL, "rev" bigint NOT NULL, "nonce" varchar(255) NOT NULL,
    "kind" varchar(255) NOT NULL, "id" varchar(255) NOT NULL, "op" varchar(255) NOT NULL, PRIMARY KEY ("stream",
    "rev")) WITHOUT ROWID`,
  `CREATE TABLE "epoch" ("id" varchar(255) PRIMARY KEY NOT NULL, "value" varchar(255) NOT NULL, "opening"
    varchar(255) NOT NULL)`,
  `CREATE TABLE "audit" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "at" bigint NOT NULL,
    "actor" varchar(255) NOT NULL, "action" varchar(255) NOT NULL, "subjectKind" varchar(255) NOT NULL, "subjectId"
    varchar(255) NOT NULL, "location" varchar(255) NOT NULL, "address" varchar(255) NOT NULL, "outcome" varchar(255)
    NOT NULL, "details" text NOT NULL)`,
  `CREATE INDEX "audit_by_at" ON "audit" ("at", "id")`,
  `CREATE INDEX "audit_by_actor" ON "audit" ("actor", "id")`,
  `CREATE INDEX "audit_by_action" ON "audit" ("action", "id")`,
  `CREATE INDEX "audit_by_subjectId" ON "audit" ("subjectId", "id")`,
  `CREATE TABLE "guard" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "touchedAt" bigint NOT
    NULL)`,
  `CREATE TABLE "idempotency" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "requestHash"
    varchar(255) NOT NULL, "status" integer NOT NULL, "response" text NOT NULL, "createdAt" bigint NOT NULL)`,
  `CREATE INDEX "idempotency_by_createdAt" ON "idempotency" ("createdAt", "id")`,
  `CREATE TABLE "installation" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "uuid"
    varchar(255) NOT NULL, "createdAt" bigint NOT NULL, "firstAdminId" varchar(255) NOT NULL)`,
  `CREATE TABLE "leaf_credential" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "location"
    varchar(255) NOT NULL, "instance" varchar(255) NOT NULL, "secretHash" varchar(255) NOT NULL, "createdAt" bigint
    NOT NULL, "expiresAt" bigint NOT NULL, "revokedAt" bigint NOT NULL)`,
  `CREATE INDEX "leaf_credential_by_location" ON "leaf_credential" ("location", "id")`,
  `CREATE TABLE "lease" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "holder" varchar(255)
    NOT NULL, "instance" varchar(255) NOT NULL, "term" integer NOT NULL, "renewedAt" bigint NOT NULL)`,
  `CREATE TABLE "location" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "builtIn" boolean
    NOT NULL, "tokenHash" varchar(255) NOT NULL, "instances" text NOT NULL, "policy" text NOT NULL, "createdAt"
    bigint NOT NULL)`,
  `CREATE TABLE "location_status" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "term"
    integer NOT NULL, "leafVersion" varchar(255) NOT NULL, "protocol" integer NOT NULL, "platforms" text NOT NULL,
    "facts" text NOT NULL, "queueDepth" integer NOT NULL, "spaces" integer NOT NULL, "appliedRev" bigint NOT NULL,
    "reportedAt" bigint NOT NULL)`,
  `CREATE TABLE "operation" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "kind"
    varchar(255) NOT NULL, "subjectKind" varchar(255) NOT NULL, "subjectId" varchar(255) NOT NULL, "generation"
    integer NOT NULL, "actorId" varchar(255) NOT NULL, "createdAt" bigint NOT NULL)`,
  `CREATE INDEX "operation_by_subjectId" ON "operation" ("subjectId", "id")`,
  `CREATE INDEX "operation_by_createdAt" ON "operation" ("createdAt", "id")`,
  `CREATE TABLE "orphan" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "spaceId"
    varchar(255) NOT NULL, "location" varchar(255) NOT NULL, "platform" varchar(255) NOT NULL, "ownerName"
    varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "createdAt" bigint NOT NULL, "seenAt" bigint NOT NULL,
    "lastKnown" text NOT NULL)`,
  `CREATE INDEX "orphan_by_location" ON "orphan" ("location", "id")`,
  `CREATE TABLE "secret" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "value" text NOT
    NULL)`,
  `CREATE TABLE "session" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "userId"
    varchar(255) NOT NULL, "createdAt" bigint NOT NULL, "expiresAt" bigint NOT NULL, "address" varchar(255) NOT
    NULL, "userAgent" text NOT NULL)`,
  `CREATE INDEX "session_by_userId" ON "session" ("userId", "id")`,
  `CREATE INDEX "session_by_expiresAt" ON "session" ("expiresAt", "id")`,
  `CREATE TABLE "snapshot" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "spaceId"
    varchar(255) NOT NULL, "body" text NOT NULL, "createdAt" bigint NOT NULL)`,
  `CREATE INDEX "snapshot_by_spaceId" ON "snapshot" ("spaceId", "id")`,
  `CREATE TABLE "space" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "name" varchar(255)
    NOT NULL, "description" text NOT NULL, "ownerId" varchar(255) NOT NULL, "location" varchar(255) NOT NULL,
    "templateId" varchar(255) NOT NULL, "templateVersion" integer NOT NULL, "want" varchar(255) NOT NULL,
    "generation" integer NOT NULL, "restarts" integer NOT NULL, "snapshotHash" varchar(255) NOT NULL,
    "servicePassword" text NOT NULL, "wishedBy" varchar(255) NOT NULL, "wishedAt" bigint NOT NULL,
    "deletionRequestedAt" bigint NOT NULL, "createdAt" bigint NOT NULL)`,
  `CREATE INDEX "space_by_name" ON "space" ("name", "id")`,
  `CREATE INDEX "space_by_ownerId" ON "space" ("ownerId", "id")`,
  `CREATE INDEX "space_by_location" ON "space" ("location", "id")`,
  `CREATE INDEX "space_by_templateId" ON "space" ("templateId", "id")`,
  `CREATE INDEX "space_by_want" ON "space" ("want", "id")`,
  `CREATE INDEX "space_by_createdAt" ON "space" ("createdAt", "id")`,
  `CREATE TABLE "space_observed" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "location"
    varchar(255) NOT NULL, "term" integer NOT NULL, "observedGeneration" integer NOT NULL, "observed" text NOT NULL,
    "reportedAt" bigint NOT NULL)`,
  `CREATE INDEX "space_observed_by_location" ON "space_observed" ("location", "id")`,
  `CREATE TABLE "template" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "name" varchar(255)
    NOT NULL, "description" text NOT NULL, "platform" varchar(255) NOT NULL, "present" integer NOT NULL, "createdAt"
    bigint NOT NULL, "updatedAt" bigint NOT NULL)`,
  `CREATE INDEX "template_by_name" ON "template" ("name", "id")`,
  `CREATE INDEX "template_by_platform" ON "template" ("platform", "id")`,
  `CREATE INDEX "template_by_createdAt" ON "template" ("createdAt", "id")`,
  `CREATE TABLE "template_version" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL,
    "templateId" varchar(255) NOT NULL, "number" integer NOT NULL, "job" text NOT NULL, "volumes" text NOT NULL,
    "restart" varchar(255) NOT NULL, "exceptions" text NOT NULL, "author" varchar(255) NOT NULL, "note" text NOT
    NULL, "createdAt" bigint NOT NULL)`,
  `CREATE INDEX "template_version_by_templateId" ON "template_version" ("templateId", "id")`,
  `CREATE INDEX "template_version_by_number" ON "template_version" ("number", "id")`,
  `CREATE TABLE "token" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "userId" varchar(255)
    NOT NULL, "name" varchar(255) NOT NULL, "secretHash" varchar(255) NOT NULL, "scopes" text NOT NULL, "createdAt"
    bigint NOT NULL, "expiresAt" bigint NOT NULL, "lastUsedAt" bigint NOT NULL)`,
  `CREATE INDEX "token_by_userId" ON "token" ("userId", "id")`,
  `CREATE INDEX "token_by_createdAt" ON "token" ("createdAt", "id")`,
  `CREATE TABLE "user" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "username" varchar(255)
    NOT NULL, "email" varchar(255) NOT NULL, "passwordHash" varchar(255) NOT NULL, "role" varchar(255) NOT NULL,
    "active" boolean NOT NULL, "timezone" varchar(255) NOT NULL, "maxRunning" integer NOT NULL, "createdAt" bigint
    NOT NULL)`,
  `CREATE INDEX "user_by_username" ON "user" ("username", "id")`,
  `CREATE INDEX "user_by_createdAt" ON "user" ("createdAt", "id")`,
  `CREATE TABLE "variable" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "name" varchar(255)
    NOT NULL, "location" varchar(255) NOT NULL, "value" text NOT NULL, "protected" boolean NOT NULL, "restricted"
    boolean NOT NULL, "updatedAt" bigint NOT NULL)`,
  `CREATE INDEX "variable_by_name" ON "variable" ("name", "id")`,
  `CREATE INDEX "variable_by_location" ON "variable" ("location", "id")`,
  `CREATE TABLE "volume" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "name" varchar(255)
    NOT NULL, "platform" varchar(255) NOT NULL, "location" varchar(255) NOT NULL, "definition" text NOT NULL, "want"
    varchar(255) NOT NULL, "generation" integer NOT NULL, "createdAt" bigint NOT NULL)`,
  `CREATE INDEX "volume_by_name" ON "volume" ("name", "id")`,
  `CREATE INDEX "volume_by_location" ON "volume" ("location", "id")`,
  `CREATE TABLE "volume_observed" ("id" varchar(255) PRIMARY KEY NOT NULL, "version" integer NOT NULL, "location"
    varchar(255) NOT NULL, "term" integer NOT NULL, "observedGeneration" integer NOT NULL, "state" varchar(255) NOT
    NULL, "conditions" text NOT NULL, "reportedAt" bigint NOT NULL)`,
  `CREATE INDEX "volume_observed_by_location" ON "volume_observed" ("location", "id")`,
  `CREATE TABLE "stream_head" ("stream" varchar(255) PRIMARY KEY NOT NULL, "rev" bigint NOT NULL, "nonce"
    varchar(255) NOT NULL, "compactedRev" bigint NOT NULL, "compactedNonce" varchar(255) NOT NULL) WITHOUT ROWID`,
  `CREATE TABLE "unique_claim" ("scope" varchar(255) NOT NULL, "value" varchar(255) NOT NULL, "holder" varchar(255)
    NOT NULL, PRIMARY KEY ("scope", "value")) WITHOUT ROWID`,
];
