import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemRandom } from '../../ids/random.js';
import { KeyRing } from '../../secrets/key-ring.js';
import { openSqliteLeafStore } from './sqlite-leaf-store.js';

it("a leaf's store goes over to a new key when it is opened, after which the former one may go", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'knot-leaf-key-'));
  const open = (...fills: number[]) => {
    const cipher = new KeyRing(
      fills.map((fill) => Buffer.alloc(32, fill)),
      systemRandom,
    );
    return openSqliteLeafStore({ file: join(folder, 'leaf.db'), cipher, clock: Date });
  };
  const first = await open(1);
  await first.putSecret('credential', 'planted');
  const upserts = [{ kind: 'space', id: 's', bytes: Buffer.from('desired') }] as const;
  await first.applyChanges({ upserts, deletes: [], position: null });
  await first.close();
  await expect(open(2)).rejects.toMatchObject({ code: 'config.invalid' });
  await (await open(2, 1)).close();
  await expect(open(1)).rejects.toMatchObject({ code: 'config.invalid' });
  const last = await open(2);
  expect(await last.secret('credential')).toBe('planted');
  expect(Buffer.from((await last.object('space', 's'))?.bytes ?? []).toString()).toBe('desired');
  await last.close();
  await rm(folder, { recursive: true });
});
