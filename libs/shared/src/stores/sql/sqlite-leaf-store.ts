import type { ObservedSpace, SpaceRecord } from '@knot/domain';
import { isKnotError, KnotError } from '../../errors/index.js';
import type { Cipher, LeafObject, LeafObjectKind, LeafStore, OutboxEntry } from '../leaf-store.js';
import type { Position } from '../store.js';
import { leafBytes, leafJson, leafKindOf } from './leaf-codec.js';
import { openLeafFile } from './leaf-file.js';
import { Recent } from './recent.js';
import type { SqlRecord, SqlValue } from './node-sqlite.js';
import { toStoreError } from './sqlite-errors.js';
import type { SqliteFile } from './sqlite-file.js';
import type { Durability, GatePoint } from './write-gate.js';

export interface SqliteLeafStoreOptions {
  readonly file: string;
  readonly cipher: Cipher;
  readonly clock: { now(): number };
  /** Where a fault test strikes; called inside the transaction. */
  readonly probe?: (point: GatePoint) => void;
}

export interface SqliteLeafStore extends LeafStore {
  /** Where the file of a newer version was put, of which only the identity was taken over; null as a rule. */
  readonly setAside: string | null;
}

const CANARY = 'knot.canary';

/** Of as many spaces what is under way is kept at hand: each is looked at several times within seconds of a change. */
const AT_HAND = 256;
/** Sequences that are taken at once: the end of the process leaves the rest of them out. */
const SEQUENCES = 1_000;

/**
 * A leaf's own store in one file, which this process alone holds. Throws `config.invalid` when the cipher does not open
 * what the file holds.
 */
export async function openSqliteLeafStore(options: SqliteLeafStoreOptions): Promise<SqliteLeafStore> {
  const { cipher, clock, probe } = options;
  const { file, setAside } = await openLeafFile({ path: options.file, clock, probe });
  const store = new FileLeafStore(file, cipher, setAside);
  try {
    if ((await store.secret(CANARY)) === null) await store.putSecret(CANARY, CANARY);
    await store.sealAnew();
    return store;
  } catch (error) {
    await store.close();
    if (!isKnotError(error, 'internal')) throw error;
    const message = `the key of this leaf does not open its store (${options.file})`;
    const hint = 'Put the former key file back; without it, move the store away and the leaf enrols as a new one.';
    throw new KnotError('config.invalid', message, hint, {}, { cause: error });
  }
}

const PUT_META = `INSERT INTO "leaf_meta" ("key", "value") VALUES (?1, ?2) ON CONFLICT ("key") DO UPDATE SET "value" = ?2`;
const PUT_SECRET = `INSERT INTO "leaf_secret" ("key", "sealed") VALUES (?1, ?2)
  ON CONFLICT ("key") DO UPDATE SET "sealed" = ?2`;
const PUT_POSITION = `INSERT INTO "leaf_position" ("id", "epoch", "rev", "nonce") VALUES ('origin', ?1, ?2, ?3)
  ON CONFLICT ("id") DO UPDATE SET "epoch" = ?1, "rev" = ?2, "nonce" = ?3`;
const PUT_OBJECT = `INSERT INTO "leaf_object" ("kind", "id", "sealed", "listed") VALUES (?1, ?2, ?3, 1)
  ON CONFLICT ("kind", "id") DO UPDATE SET "sealed" = ?3, "listed" = 1`;
const PUT_RECORD = `INSERT INTO "leaf_record" ("id", "record") VALUES (?1, ?2)
  ON CONFLICT ("id") DO UPDATE SET "record" = ?2`;
const PUT_OBSERVED = `INSERT INTO "leaf_observed" ("kind", "id", "payload", "sequence", "pending") VALUES (?1, ?2, ?3, ?4, 1)
  ON CONFLICT ("kind", "id") DO UPDATE SET "payload" = ?3, "sequence" = ?4, "pending" = 1`;
const NEXT_SEQUENCE = `INSERT INTO "leaf_sequence" ("id", "last") VALUES ('outbox', ?1)
  ON CONFLICT ("id") DO UPDATE SET "last" = "last" + ?1 RETURNING "last"`;

class FileLeafStore implements SqliteLeafStore {
  /** What the file says of them, as nobody else writes to it: changed in the transactions that change it. */
  readonly #objects = new Recent<LeafObject>(AT_HAND);
  readonly #records = new Recent<SpaceRecord>(AT_HAND);
  readonly #observed = new Recent<ObservedSpace>(AT_HAND);
  readonly #sequences = { last: 0, taken: 0 };

  constructor(
    private readonly file: SqliteFile,
    private readonly cipher: Cipher,
    readonly setAside: string | null,
  ) {}

  async meta(key: string): Promise<string | null> {
    const [record] = this.#read('SELECT "value" FROM "leaf_meta" WHERE "key" = ?', key);
    return record === undefined ? null : String(record['value']);
  }

  putMeta(key: string, value: string): Promise<void> {
    return this.#write(() => this.#run(PUT_META, key, value));
  }

  async secret(key: string): Promise<string | null> {
    const [record] = this.#read('SELECT "sealed" FROM "leaf_secret" WHERE "key" = ?', key);
    if (record === undefined) return null;
    return Buffer.from(this.cipher.open(leafBytes(record['sealed']), `secret/${key}`)).toString('utf8');
  }

  putSecret(key: string, value: string): Promise<void> {
    const sealed = this.cipher.seal(Buffer.from(value, 'utf8'), `secret/${key}`);
    return this.#write(() => this.#run(PUT_SECRET, key, sealed));
  }

  /** Seals what a former key has sealed with the present one, so that the former may go. */
  async sealAnew(): Promise<void> {
    const former = (records: SqlRecord[]) =>
      records.filter((record) => !this.cipher.isSealedNow(leafBytes(record['sealed'])));
    const again = (record: SqlRecord, context: string) =>
      this.cipher.seal(this.cipher.open(leafBytes(record['sealed']), context), context);
    const secrets = former(this.#read('SELECT * FROM "leaf_secret"'));
    const objects = former(this.#read('SELECT * FROM "leaf_object"'));
    if (secrets.length + objects.length === 0) return;
    await this.#write(() => {
      for (const record of secrets) {
        const key = String(record['key']);
        this.#run('UPDATE "leaf_secret" SET "sealed" = ? WHERE "key" = ?', again(record, `secret/${key}`), key);
      }
      for (const record of objects) {
        const [kind, id] = [leafKindOf(record['kind']), String(record['id'])];
        const sealed = again(record, `${kind}/${id}`);
        this.#run('UPDATE "leaf_object" SET "sealed" = ? WHERE "kind" = ? AND "id" = ?', sealed, kind, id);
      }
    });
  }

  async position(): Promise<Position | null> {
    const [record] = this.#read('SELECT * FROM "leaf_position"');
    if (record === undefined) return null;
    return { epoch: String(record['epoch']), rev: Number(record['rev']), nonce: String(record['nonce']) };
  }

  applyChanges({ upserts, deletes, position }: Parameters<LeafStore['applyChanges']>[0]): Promise<void> {
    const sealed = upserts.map(({ kind, id, bytes }) => [kind, id, this.cipher.seal(bytes, `${kind}/${id}`)] as const);
    return this.#write(() => {
      for (const values of sealed) this.#run(PUT_OBJECT, ...values);
      for (const { kind, id } of deletes)
        this.#run('DELETE FROM "leaf_object" WHERE "kind" = ? AND "id" = ?', kind, id);
      if (position !== null) this.#run(PUT_POSITION, position.epoch, position.rev, position.nonce);
      for (const object of upserts) this.#objects.put(`${object.kind}/${object.id}`, { ...object, listed: true });
      for (const { kind, id } of deletes) this.#objects.forget(`${kind}/${id}`);
    }, 'soon');
  }

  async finishRelist(named: ReadonlySet<string>, position: Position): Promise<readonly LeafObject[]> {
    await this.#write(() => {
      const unlist = 'UPDATE "leaf_object" SET "listed" = 0 WHERE "id" NOT IN (SELECT value FROM json_each(?))';
      this.#run(unlist, JSON.stringify([...named]));
      this.#run(PUT_POSITION, position.epoch, position.rev, position.nonce);
      this.#objects.clear();
    });
    return this.#read('SELECT * FROM "leaf_object" WHERE "listed" = 0').map((record) => this.#toObject(record));
  }

  async object(kind: LeafObjectKind, id: string): Promise<LeafObject | null> {
    const known = this.#objects.get(`${kind}/${id}`);
    if (known !== undefined) return known;
    const [record] = this.#read('SELECT * FROM "leaf_object" WHERE "kind" = ? AND "id" = ?', kind, id);
    if (record === undefined) return null;
    const object = this.#toObject(record);
    this.#objects.put(`${kind}/${id}`, object);
    return object;
  }

  async objects(kind: LeafObjectKind): Promise<readonly LeafObject[]> {
    const records = this.#read('SELECT * FROM "leaf_object" WHERE "kind" = ?', kind);
    return records.map((record) => this.#toObject(record));
  }

  async record(id: string): Promise<SpaceRecord | null> {
    const known = this.#records.get(id);
    if (known !== undefined) return known;
    const [record] = this.#read('SELECT "record" FROM "leaf_record" WHERE "id" = ?', id);
    return record === undefined ? null : leafJson<SpaceRecord>(record['record']);
  }

  async records(): Promise<readonly SpaceRecord[]> {
    return this.#read('SELECT "record" FROM "leaf_record"').map((record) => leafJson<SpaceRecord>(record['record']));
  }

  putRecord(record: SpaceRecord): Promise<void> {
    const text = JSON.stringify(record);
    return this.#write(() => {
      this.#run(PUT_RECORD, record.id, text);
      this.#records.put(record.id, record);
    });
  }

  putObserved(record: SpaceRecord, observed: ObservedSpace): Promise<void> {
    const [recorded, payload] = [JSON.stringify(record), JSON.stringify(observed)];
    return this.#write(() => {
      this.#run(PUT_RECORD, record.id, recorded);
      this.#run(PUT_OBSERVED, 'space', observed.id, payload, this.#nextSequences(1));
      this.#records.put(record.id, record);
      this.#observed.put(observed.id, observed);
    }, 'soon');
  }

  async observed(id: string): Promise<ObservedSpace | null> {
    const known = this.#observed.get(id);
    if (known !== undefined) return known;
    const sql = `SELECT "payload" FROM "leaf_observed" WHERE "kind" = 'space' AND "id" = ?`;
    const [record] = this.#read(sql, id);
    return record === undefined ? null : leafJson<ObservedSpace>(record['payload']);
  }

  putVolumeObserved(id: string, payload: string): Promise<void> {
    return this.#write(() => this.#run(PUT_OBSERVED, 'volume', id, payload, this.#nextSequences(1)), 'soon');
  }

  forget(kind: LeafObjectKind, id: string): Promise<void> {
    return this.#write(() => {
      this.#run('DELETE FROM "leaf_object" WHERE "kind" = ? AND "id" = ?', kind, id);
      this.#run('DELETE FROM "leaf_observed" WHERE "kind" = ? AND "id" = ?', kind, id);
      if (kind === 'space') this.#run('DELETE FROM "leaf_record" WHERE "id" = ?', id);
      this.#objects.forget(`${kind}/${id}`);
      this.#records.forget(id);
      this.#observed.forget(id);
    });
  }

  async outbox(limit: number): Promise<readonly OutboxEntry[]> {
    const sql = 'SELECT * FROM "leaf_observed" WHERE "pending" = 1 ORDER BY "sequence" LIMIT ?';
    return this.#read(sql, limit).map((record) => ({
      sequence: Number(record['sequence']),
      kind: record['kind'] === 'volume' ? 'volume' : 'space',
      id: String(record['id']),
      payload: String(record['payload']),
    }));
  }

  acknowledge(sequence: number): Promise<void> {
    const sql = 'UPDATE "leaf_observed" SET "pending" = 0 WHERE "pending" = 1 AND "sequence" <= ?';
    return this.#write(() => this.#run(sql, sequence), 'soon');
  }

  reportAll(): Promise<void> {
    return this.#write(() => {
      const all = this.file.db.all('SELECT "kind", "id" FROM "leaf_observed" ORDER BY "sequence"');
      let sequence = this.#nextSequences(all.length) - all.length;
      const sql = 'UPDATE "leaf_observed" SET "pending" = 1, "sequence" = ? WHERE "kind" = ? AND "id" = ?';
      for (const { kind, id } of all) this.#run(sql, ++sequence, String(kind), String(id));
    });
  }

  close(): Promise<void> {
    return this.file.close();
  }

  /** The last of `count` new sequences. Inside the transaction that uses them, which takes a supply where there is none. */
  #nextSequences(count: number): number {
    const { last, taken } = this.#sequences;
    if (last + count > taken) {
      const more = Math.max(count, SEQUENCES);
      this.#sequences.taken = Number(this.file.db.get(NEXT_SEQUENCE, more)?.['last']);
      this.#sequences.last = this.#sequences.taken - more;
    }
    this.#sequences.last += count;
    return this.#sequences.last;
  }

  async #write(work: () => void, durability: Durability = 'synced'): Promise<void> {
    const supplied = () => {
      const { taken } = this.#sequences;
      try {
        work();
      } catch (error) {
        // a supply that was taken in writes that are undone was not taken
        if (this.#sequences.taken !== taken) this.#sequences.taken = 0;
        throw error;
      }
    };
    try {
      await this.file.gate.write(supplied, durability);
    } catch (error) {
      this.#sequences.taken = 0;
      for (const recent of [this.#objects, this.#records, this.#observed]) recent.clear();
      throw error;
    }
  }

  #run(sql: string, ...parameters: SqlValue[]): void {
    this.file.db.run(sql, ...parameters);
  }

  #read(sql: string, ...parameters: SqlValue[]): SqlRecord[] {
    try {
      return this.file.db.all(sql, ...parameters);
    } catch (error) {
      throw toStoreError(error, this.file.path);
    }
  }

  #toObject(record: SqlRecord): LeafObject {
    const kind = leafKindOf(record['kind']);
    const id = String(record['id']);
    const bytes = this.cipher.open(leafBytes(record['sealed']), `${kind}/${id}`);
    return { kind, id, bytes, listed: record['listed'] === 1 };
  }
}
