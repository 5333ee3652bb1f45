import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KnotError } from '../../errors/index.js';
import { codeOf } from '../conformance/harness.js';
import { NodeSqlite } from './node-sqlite.js';
import { WriteGate } from './write-gate.js';

describe('WriteGate', () => {
  let folder = '';
  let db: NodeSqlite;
  let gate: WriteGate;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'knot-gate-'));
    db = new NodeSqlite(join(folder, 'gate.db'));
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)');
    gate = new WriteGate(db);
  });
  afterEach(async () => {
    gate.close();
    db.close();
    await rm(folder, { recursive: true });
  });

  const add = (id: number, length = 1): Promise<number> =>
    gate.write(() => db.run('INSERT INTO t VALUES (?, ?)', id, 'x'.repeat(length)));
  const ids = (): unknown[] => db.all('SELECT id FROM t ORDER BY id').map((row) => row['id']);

  it('undoes only the writes of what throws, also where that throws late', async () => {
    const failing = gate.write(() => {
      db.run('INSERT INTO t VALUES (2, ?)', 'x');
      throw new KnotError('resource.exists', 'taken');
    });
    const codes = await Promise.all([add(1), failing, add(3), add(1), add(4)].map(codeOf));
    expect(codes).toEqual(['fulfilled', 'resource.exists', 'fulfilled', 'internal', 'fulfilled']);
    expect(ids()).toEqual([1, 3, 4]);
    expect(db.inTransaction).toBe(false);
  });

  it('syncs a batch in which one asks for it, and leaves what may come soon to the next', async () => {
    const soon = (id: number) => gate.write(() => db.run('INSERT INTO t VALUES (?, ?)', id, 'x'), 'soon');
    const mode = () => db.pragma('synchronous')[0]?.['synchronous'];
    await soon(1);
    expect(mode()).toBe(1);
    await Promise.all([soon(2), add(3), soon(4)]);
    expect(mode()).toBe(2);
    await soon(5);
    expect(mode()).toBe(1);
    expect(ids()).toEqual([1, 2, 3, 4, 5]);
  });

  it('answers in the order it was asked, more than fit one transaction', async () => {
    const answered: number[] = [];
    const order = Array.from({ length: 1_000 }, (_, index) => index);
    await Promise.all(order.map((id) => add(id).then(() => answered.push(id))));
    expect(answered).toEqual(order);
    expect(ids()).toEqual(order);
  });

  it('tells no one of a batch that it is written when the COMMIT fails', async () => {
    const shaky = new WriteGate(db, (point) => {
      if (point === 'written') throw Object.assign(new Error('disk I/O error'), { errcode: 10 });
    });
    const codes = await Promise.all(
      [1, 2, 3].map((id) => codeOf(shaky.write(() => db.run('INSERT INTO t VALUES (?, ?)', id, 'x')))),
    );
    expect(codes).toEqual(['store.unavailable', 'store.unavailable', 'store.unavailable']);
    expect(ids()).toEqual([]);
    expect(await codeOf(add(9))).toBe('fulfilled');
  });

  it('says that the disk is full, keeps what was acknowledged, and goes on when there is room again', async () => {
    await add(1);
    db.exec('PRAGMA max_page_count = 6');
    const codes = await Promise.all([add(2), add(3, 100_000), add(4)].map(codeOf));
    expect(codes[1]).toBe('store.unavailable');
    await expect(add(5, 100_000)).rejects.toThrow('the disk of the database is full');
    expect(ids()).toEqual([1, ...[2, 4].filter((_, index) => codes[index * 2] === 'fulfilled')]);
    db.exec('PRAGMA max_page_count = 100000');
    expect(await codeOf(add(6, 100_000))).toBe('fulfilled');
  });

  it('says that a file cannot be written', async () => {
    const reader = new NodeSqlite(db.file, { readonly: true });
    const closed = new WriteGate(reader);
    const writing = closed.write(() => reader.run('INSERT INTO t VALUES (1, ?)', 'x'));
    await expect(writing).rejects.toMatchObject({
      code: 'store.unavailable',
      message: expect.stringMatching('cannot be written'),
    });
    reader.close();
  });

  it('waits while another program holds the file, and writes when it lets go', async () => {
    const other = new NodeSqlite(db.file);
    other.run('BEGIN IMMEDIATE');
    const writing = Promise.all([add(1), add(2)]);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(ids()).toEqual([]);
    other.run('COMMIT');
    await writing;
    expect(ids()).toEqual([1, 2]);
    other.close();
  });

  it('refuses what waits for another program when it is closed, and everything after', async () => {
    const other = new NodeSqlite(db.file);
    other.run('BEGIN IMMEDIATE');
    const writing = codeOf(add(1));
    gate.close();
    expect(await writing).toBe('store.unavailable');
    expect(await codeOf(add(2))).toBe('store.unavailable');
    other.close();
  });

  it('writes what waits before it is closed', async () => {
    const writing = add(1);
    gate.close();
    await writing;
    expect(ids()).toEqual([1]);
  });
});
