import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { fieldsOf } from '../../entities/kind-fields.js';
import { KIND_ENTITIES } from '../../entities/kind-entities.js';
import { isKnotError, KnotError } from '../../errors/index.js';
import type { Secret } from '../../secrets/secret.js';
import type { Kind, Rows } from '../rows.js';
import { ARCHIVE_FORMAT, type ArchiveCounts, type ArchiveLine } from './archive-line.js';
import { openChunks } from './sealed-stream.js';
import type { Claim, StoreFilling, StreamHead } from './store-snapshot.js';

const PART = 200;

export const ARCHIVED_KINDS = Object.keys(KIND_ENTITIES) as readonly Kind[];

export interface ReadArchiveOptions {
  /** Of a backup that is encrypted. */
  readonly passphrase?: Secret | null;
  readonly progress?: (counts: ArchiveCounts) => void;
}

/** Reads a backup to its end and keeps nothing of it. Throws `input.invalid` for a file that is none or not whole. */
export async function proveArchive(file: string, options: ReadArchiveOptions = {}): Promise<ArchiveCounts> {
  return read(file, NOWHERE, options);
}

/** Fills a store from a backup. Throws `input.invalid` for a file that is none or not whole; the store is then no store. */
export async function readArchive(
  file: string,
  filling: StoreFilling,
  options: ReadArchiveOptions = {},
): Promise<ArchiveCounts> {
  const counts = await read(file, filling, options);
  await filling.finish();
  return counts;
}

async function read(
  file: string,
  filling: StoreFilling,
  { passphrase = null, progress }: ReadArchiveOptions,
): Promise<ArchiveCounts> {
  const reader = new ArchiveReader(filling);
  try {
    const input = Readable.from(openChunks(createReadStream(file), passphrase));
    const gunzip = createGunzip();
    const parsed = async (unzipped: AsyncIterable<Buffer>): Promise<void> => {
      for await (const text of createInterface({ input: Readable.from(unzipped), crlfDelay: Infinity })) {
        await reader.take(parseLine(text));
        if (reader.counts.rows % PART === 0) progress?.(reader.counts);
      }
    };
    await pipeline(input, gunzip, parsed);
    return await reader.end();
  } catch (error) {
    if (isKnotError(error)) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw noArchive(text, error);
  }
}

function parseLine(text: string): ArchiveLine {
  return JSON.parse(text) as ArchiveLine;
}

const NOWHERE: StoreFilling = {
  putRows: async () => undefined,
  putClaims: async () => undefined,
  putHeads: async () => undefined,
  finish: async () => undefined,
};

class ArchiveReader {
  readonly #heads: StreamHead[] = [];
  readonly #claims: Claim[] = [];
  #kind: Kind | null = null;
  #rows: object[] = [];
  counts = { rows: 0, claims: 0 };
  #begun = false;
  #ended = false;

  constructor(private readonly filling: StoreFilling) {}

  async take(line: ArchiveLine): Promise<void> {
    if ('knot' in line) this.#begin(line);
    else if (!this.#begun) throw noArchive('it does not begin as one');
    else if ('head' in line) this.#heads.push(line.head);
    else if ('row' in line) await this.#takeRow(line.kind, line.row);
    else if ('claim' in line) await this.#takeClaim(line.claim);
    else this.#close(line.end);
  }

  async end(): Promise<ArchiveCounts> {
    if (!this.#ended) throw noArchive('its end is missing');
    await this.#flushRows();
    await this.#flushClaims();
    await this.filling.putHeads(this.#heads);
    return this.counts;
  }

  #begin({ knot, format }: { knot: string; format: number }): void {
    if (knot !== 'backup') throw noArchive('it says that it is something else');
    if (format > ARCHIVE_FORMAT) throw noArchive('a newer knot wrote it');
    this.#begun = true;
  }

  async #takeRow(kind: string, row: object): Promise<void> {
    if (!Object.hasOwn(KIND_ENTITIES, kind)) throw noArchive(`it holds rows of an unknown kind: ${kind}`);
    if (kind !== this.#kind || this.#rows.length >= PART) await this.#flushRows();
    this.#kind = kind as Kind;
    this.#rows.push(row);
    this.counts.rows += 1;
  }

  async #takeClaim(claim: Claim): Promise<void> {
    this.#claims.push(claim);
    this.counts.claims += 1;
    if (this.#claims.length >= PART) await this.#flushClaims();
  }

  #close(expected: ArchiveCounts): void {
    const { rows, claims } = this.counts;
    if (rows !== expected.rows || claims !== expected.claims) throw noArchive('some of its lines are missing');
    this.#ended = true;
  }

  async #flushRows(): Promise<void> {
    const kind = this.#kind;
    if (kind === null || this.#rows.length === 0) return;
    const rows = this.#rows.map((row) => wholeRow(kind, row));
    this.#rows = [];
    await this.filling.putRows(kind, rows);
  }

  async #flushClaims(): Promise<void> {
    await this.filling.putClaims(this.#claims.splice(0));
  }
}

/** A row of an older knot has what its fields of today had been given by their migrations. */
function wholeRow<K extends Kind>(kind: K, row: object): Rows[K] {
  const given = new Map<string, unknown>(Object.entries(row));
  const fields = fieldsOf(kind).map(({ name, missing }) => [name, given.has(name) ? given.get(name) : missing]);
  const whole: unknown = { id: given.get('id'), version: given.get('version'), ...Object.fromEntries(fields) };
  return whole as Rows[K];
}

function noArchive(why: string, cause?: unknown): KnotError {
  const message = `this is no backup that can be restored: ${why}`;
  return new KnotError('input.invalid', message, 'Check the file.', {}, { cause });
}
