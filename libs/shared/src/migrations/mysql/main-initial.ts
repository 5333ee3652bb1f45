import type { MigrationInterface, QueryRunner } from 'typeorm';
import { dropTables, runStatements } from './run-statements.js';

/** All that the migrations for SQLite had made when this came beside them. */
export class MainInitial1764000004000 implements MigrationInterface {
  readonly name = 'MainInitial1764000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runStatements(runner, STATEMENTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropTables(runner, STATEMENTS);
  }
}

const STATEMENTS = [
  `CREATE TABLE "audit" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "at" bigint NOT NULL, "actor"
    varchar(255) NOT NULL, "action" varchar(255) NOT NULL, "subjectKind" varchar(255) NOT NULL, "subjectId"
    varchar(255) NOT NULL, "location" varchar(255) NOT NULL, "address" varchar(255) NOT NULL, "outcome" varchar(255)
    NOT NULL, "details" longtext NOT NULL, "seal" int NOT NULL DEFAULT 0, INDEX "audit_by_at" ("at", "id"), INDEX
    "audit_by_actor" ("actor", "id"), INDEX "audit_by_action" ("action", "id"), INDEX "audit_by_subjectId"
    ("subjectId", "id"), INDEX "audit_by_seal" ("seal", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "audit_seal" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "number" int NOT NULL, "previous"
    varchar(255) NOT NULL, "hash" varchar(255) NOT NULL, "count" int NOT NULL, "newestAt" bigint NOT NULL,
    "sealedAt" bigint NOT NULL, PRIMARY KEY ("id"))`,
  `CREATE TABLE "change_log" ("stream" varchar(255) NOT NULL, "rev" bigint NOT NULL, "nonce" varchar(255) NOT NULL,
    "kind" varchar(255) NOT NULL, "id" varchar(255) NOT NULL, "op" varchar(255) NOT NULL, PRIMARY KEY ("stream",
    "rev"))`,
  `CREATE TABLE "commit_mark" ("id" varchar(255) NOT NULL, "at" bigint NOT NULL, PRIMARY KEY ("id"))`,
  `CREATE TABLE "epoch" ("id" varchar(255) NOT NULL, "value" varchar(255) NOT NULL, "opening" varchar(255) NOT
    NULL, PRIMARY KEY ("id"))`,
  `CREATE TABLE "group" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "name" varchar(255) NOT NULL,
    "description" longtext NOT NULL, "maxSpaces" int NOT NULL, "maxRunning" int NOT NULL, "computeUnits" int NOT
    NULL, "storageUnits" int NOT NULL, "createdAt" bigint NOT NULL, INDEX "group_by_name" ("name", "id"), PRIMARY
    KEY ("id"))`,
  `CREATE TABLE "guard" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "touchedAt" bigint NOT NULL, PRIMARY
    KEY ("id"))`,
  `CREATE TABLE "idempotency" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "requestHash" varchar(255) NOT
    NULL, "status" int NOT NULL, "response" longtext NOT NULL, "createdAt" bigint NOT NULL, INDEX
    "idempotency_by_createdAt" ("createdAt", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "installation" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "uuid" varchar(255) NOT NULL,
    "createdAt" bigint NOT NULL, "firstAdminId" varchar(255) NOT NULL, PRIMARY KEY ("id"))`,
  `CREATE TABLE "leaf_credential" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "location" varchar(255) NOT
    NULL, "instance" varchar(255) NOT NULL, "secretHash" varchar(255) NOT NULL, "createdAt" bigint NOT NULL,
    "expiresAt" bigint NOT NULL, "revokedAt" bigint NOT NULL, INDEX "leaf_credential_by_location" ("location",
    "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "lease" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "holder" varchar(255) NOT NULL,
    "instance" varchar(255) NOT NULL, "term" int NOT NULL, "renewedAt" bigint NOT NULL, PRIMARY KEY ("id"))`,
  `CREATE TABLE "location" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "builtIn" tinyint NOT NULL,
    "tokenHash" varchar(255) NOT NULL, "instances" longtext NOT NULL, "policy" longtext NOT NULL, "createdAt" bigint
    NOT NULL, PRIMARY KEY ("id"))`,
  `CREATE TABLE "location_status" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "term" int NOT NULL,
    "leafVersion" varchar(255) NOT NULL, "protocol" int NOT NULL, "platforms" longtext NOT NULL, "facts" longtext
    NOT NULL, "queueDepth" int NOT NULL, "spaces" int NOT NULL, "appliedRev" bigint NOT NULL, "reportedAt" bigint
    NOT NULL, PRIMARY KEY ("id"))`,
  `CREATE TABLE "operation" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "kind" varchar(255) NOT NULL,
    "subjectKind" varchar(255) NOT NULL, "subjectId" varchar(255) NOT NULL, "generation" int NOT NULL, "actorId"
    varchar(255) NOT NULL, "createdAt" bigint NOT NULL, INDEX "operation_by_subjectId" ("subjectId", "id"), INDEX
    "operation_by_createdAt" ("createdAt", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "orphan" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "spaceId" varchar(255) NOT NULL,
    "location" varchar(255) NOT NULL, "platform" varchar(255) NOT NULL, "ownerName" varchar(255) NOT NULL, "name"
    varchar(255) NOT NULL, "createdAt" bigint NOT NULL, "seenAt" bigint NOT NULL, "lastKnown" longtext NOT NULL,
    INDEX "orphan_by_location" ("location", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "role" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "name" varchar(255) NOT NULL,
    "description" longtext NOT NULL, "permissions" longtext NOT NULL, "createdAt" bigint NOT NULL, INDEX
    "role_by_name" ("name", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "secret" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "value" longtext NOT NULL, PRIMARY
    KEY ("id"))`,
  `CREATE TABLE "session" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "userId" varchar(255) NOT NULL,
    "createdAt" bigint NOT NULL, "expiresAt" bigint NOT NULL, "address" varchar(255) NOT NULL, "userAgent" longtext
    NOT NULL, INDEX "session_by_userId" ("userId", "id"), INDEX "session_by_expiresAt" ("expiresAt", "id"), PRIMARY
    KEY ("id"))`,
  `CREATE TABLE "snapshot" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "spaceId" varchar(255) NOT NULL,
    "body" longtext NOT NULL, "createdAt" bigint NOT NULL, INDEX "snapshot_by_spaceId" ("spaceId", "id"), PRIMARY
    KEY ("id"))`,
  `CREATE TABLE "space" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "name" varchar(255) NOT NULL,
    "description" longtext NOT NULL, "ownerId" varchar(255) NOT NULL, "location" varchar(255) NOT NULL, "templateId"
    varchar(255) NOT NULL, "templateVersion" int NOT NULL, "want" varchar(255) NOT NULL, "generation" int NOT NULL,
    "restarts" int NOT NULL, "snapshotHash" varchar(255) NOT NULL, "computeUnits" int NOT NULL DEFAULT 0,
    "storageUnits" int NOT NULL DEFAULT 0, "servicePassword" longtext NOT NULL, "wishedBy" varchar(255) NOT NULL,
    "wishedAt" bigint NOT NULL, "deletionRequestedAt" bigint NOT NULL, "createdAt" bigint NOT NULL, INDEX
    "space_by_name" ("name", "id"), INDEX "space_by_ownerId" ("ownerId", "id"), INDEX "space_by_location"
    ("location", "id"), INDEX "space_by_templateId" ("templateId", "id"), INDEX "space_by_want" ("want", "id"),
    INDEX "space_by_createdAt" ("createdAt", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "space_observed" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "location" varchar(255) NOT
    NULL, "term" int NOT NULL, "observedGeneration" int NOT NULL, "observed" longtext NOT NULL, "reportedAt" bigint
    NOT NULL, INDEX "space_observed_by_location" ("location", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "stream_head" ("stream" varchar(255) NOT NULL, "rev" bigint NOT NULL, "nonce" varchar(255) NOT
    NULL, "compactedRev" bigint NOT NULL, "compactedNonce" varchar(255) NOT NULL, PRIMARY KEY ("stream"))`,
  `CREATE TABLE "template" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "name" varchar(255) NOT NULL,
    "description" longtext NOT NULL, "platform" varchar(255) NOT NULL, "present" int NOT NULL, "groups" longtext NOT
    NULL DEFAULT ('[]'), "locations" longtext NOT NULL DEFAULT ('[]'), "computeUnits" int NOT NULL DEFAULT 0,
    "storageUnits" int NOT NULL DEFAULT 0, "createdAt" bigint NOT NULL, "updatedAt" bigint NOT NULL, INDEX
    "template_by_name" ("name", "id"), INDEX "template_by_platform" ("platform", "id"), INDEX
    "template_by_createdAt" ("createdAt", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "template_version" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "templateId" varchar(255)
    NOT NULL, "number" int NOT NULL, "job" longtext NOT NULL, "volumes" longtext NOT NULL, "restart" varchar(255)
    NOT NULL, "exceptions" longtext NOT NULL, "author" varchar(255) NOT NULL, "approvedBy" varchar(255) NOT NULL
    DEFAULT '', "note" longtext NOT NULL, "createdAt" bigint NOT NULL, INDEX "template_version_by_templateId"
    ("templateId", "id"), INDEX "template_version_by_number" ("number", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "token" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "userId" varchar(255) NOT NULL, "name"
    varchar(255) NOT NULL, "secretHash" varchar(255) NOT NULL, "scopes" longtext NOT NULL, "createdAt" bigint NOT
    NULL, "expiresAt" bigint NOT NULL, "lastUsedAt" bigint NOT NULL, INDEX "token_by_userId" ("userId", "id"), INDEX
    "token_by_createdAt" ("createdAt", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "unique_claim" ("scope" varchar(255) NOT NULL, "value" varchar(255) NOT NULL, "holder" varchar(255)
    NOT NULL, PRIMARY KEY ("scope", "value"))`,
  `CREATE TABLE "user" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "username" varchar(255) NOT NULL,
    "email" varchar(255) NOT NULL, "passwordHash" varchar(255) NOT NULL, "role" varchar(255) NOT NULL, "roles"
    longtext NOT NULL DEFAULT ('["user"]'), "groups" longtext NOT NULL DEFAULT ('[]'), "active" tinyint NOT NULL,
    "timezone" varchar(255) NOT NULL, "maxSpaces" int NOT NULL DEFAULT 0, "maxRunning" int NOT NULL, "computeUnits"
    int NOT NULL DEFAULT 0, "storageUnits" int NOT NULL DEFAULT 0, "createdAt" bigint NOT NULL, INDEX
    "user_by_username" ("username", "id"), INDEX "user_by_createdAt" ("createdAt", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "variable" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "name" varchar(255) NOT NULL,
    "location" varchar(255) NOT NULL, "value" longtext NOT NULL, "protected" tinyint NOT NULL, "restricted" tinyint
    NOT NULL, "templates" longtext NOT NULL DEFAULT ('[]'), "updatedAt" bigint NOT NULL, INDEX "variable_by_name"
    ("name", "id"), INDEX "variable_by_location" ("location", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "volume" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "name" varchar(255) NOT NULL,
    "platform" varchar(255) NOT NULL, "location" varchar(255) NOT NULL, "definition" longtext NOT NULL, "want"
    varchar(255) NOT NULL, "generation" int NOT NULL, "createdAt" bigint NOT NULL, INDEX "volume_by_name" ("name",
    "id"), INDEX "volume_by_location" ("location", "id"), PRIMARY KEY ("id"))`,
  `CREATE TABLE "volume_observed" ("id" varchar(255) NOT NULL, "version" int NOT NULL, "location" varchar(255) NOT
    NULL, "term" int NOT NULL, "observedGeneration" int NOT NULL, "state" varchar(255) NOT NULL, "conditions"
    longtext NOT NULL, "reportedAt" bigint NOT NULL, INDEX "volume_observed_by_location" ("location", "id"), PRIMARY
    KEY ("id"))`,
];
