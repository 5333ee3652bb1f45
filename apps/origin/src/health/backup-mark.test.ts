import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestOrigin } from '../testing/test-origin.js';
import { BACKUP_FILE, lastBackup, noteBackup, noteBackupFile } from './backup-mark.js';

const AT = Date.UTC(2026, 10, 29, 12);

let test: TestOrigin;

beforeAll(async () => {
  test = await TestOrigin.open();
}, 60_000);

afterAll(() => test.close());

it('a database holds itself when it was copied last', async () => {
  const { store } = test.origin;
  expect(await lastBackup(store, null)).toBe(0);
  for (const at of [AT, AT + 1]) {
    await noteBackup(store, at);
    expect(await lastBackup(store, null)).toBe(at);
  }
});

it('beside the embedded store a file says it by its time', async () => {
  const { store } = test.origin;
  const file = join(test.folder, BACKUP_FILE);
  expect(await lastBackup(store, file)).toBe(0);
  for (const at of [AT, AT + 1_000]) {
    await noteBackupFile(file, at);
    expect(await lastBackup(store, file)).toBe(at);
  }
  expect(await lastBackup(store, null)).toBe(AT + 1);
});
