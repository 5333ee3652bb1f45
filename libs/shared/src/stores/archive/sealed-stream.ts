import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { KnotError } from '../../errors/index.js';
import type { Secret } from '../../secrets/secret.js';

/*
 * A sealed backup: a head line (`knot-sealed 1 <salt>`), then parts of at most 64 KiB, each as length (4 bytes), nonce
 * counted from 0, ciphertext and tag of AES-256-GCM. The head is authenticated with every part, and the last part says
 * so in its nonce: a part that is changed, left out, moved or cut off is noticed.
 */
const MAGIC = 'knot-sealed 1 ';
const PART_BYTES = 65_536;
const TAG_BYTES = 16;
const SALT_BYTES = 16;
const HEAD_BYTES = MAGIC.length + SALT_BYTES * 2 + 1;
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

export async function* sealChunks(chunks: Chunks, passphrase: Secret): AsyncGenerator<Buffer> {
  const salt = randomBytes(SALT_BYTES);
  const head = Buffer.from(`${MAGIC}${salt.toString('hex')}\n`);
  const key = await deriveKey(passphrase, salt);
  yield head;
  let held = Buffer.alloc(0);
  let count = 0;
  const seal = (plain: Buffer, last: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(count, last)).setAAD(head);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    count += 1;
    const length = Buffer.alloc(4);
    length.writeUInt32BE(sealed.length);
    return Buffer.concat([length, sealed]);
  };
  for await (const chunk of chunks) {
    held = Buffer.concat([held, chunk]);
    // One part is kept back: only the end tells which one is the last.
    while (held.length > PART_BYTES) {
      yield seal(held.subarray(0, PART_BYTES), false);
      held = held.subarray(PART_BYTES);
    }
  }
  yield seal(held, true);
}

/** Throws `input.invalid` for another passphrase and for a file that is not as it was written. */
export async function* openChunks(chunks: Chunks, passphrase: Secret | null): AsyncGenerator<Buffer> {
  const reader = new ChunkReader(chunks);
  const start = await reader.peek(MAGIC.length);
  if (start.toString() !== MAGIC) {
    yield* reader.rest();
    return;
  }
  if (passphrase === null) {
    throw new KnotError(
      'input.invalid',
      'this backup is encrypted',
      'Name the file with its passphrase: --passphrase-file.',
    );
  }
  const head = await reader.take(HEAD_BYTES);
  if (head === null) throw damaged();
  const key = await deriveKey(passphrase, Buffer.from(head.toString().slice(MAGIC.length).trim(), 'hex'));
  for (let count = 0, last = false; !last; count += 1) {
    const length = (await reader.take(4))?.readUInt32BE() ?? 0;
    const sealed = length < TAG_BYTES || length > PART_BYTES + TAG_BYTES ? null : await reader.take(length);
    if (sealed === null) throw damaged();
    last = await reader.isAtEnd();
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(count, last));
    decipher.setAAD(head).setAuthTag(sealed.subarray(-TAG_BYTES));
    yield unseal(decipher, sealed.subarray(0, -TAG_BYTES), count);
  }
}

function unseal(decipher: ReturnType<typeof createDecipheriv>, sealed: Buffer, count: number): Buffer {
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch (error) {
    if (count > 0) throw damaged(error);
    throw new KnotError('input.invalid', 'the passphrase does not open this backup', 'Check it.', {}, { cause: error });
  }
}

/** 11 bytes of a counter and one that is 1 in the last part. */
function nonceOf(count: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(count, 7);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

function deriveKey(passphrase: Secret, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.reveal(), salt, 32, SCRYPT, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

function damaged(cause?: unknown): KnotError {
  return new KnotError('input.invalid', 'this backup is damaged or cut off', 'Take another copy of it.', {}, { cause });
}

class ChunkReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held = Buffer.alloc(0);
  #ended = false;

  constructor(chunks: Chunks) {
    this.#chunks = iterate(chunks);
  }

  /** At most so many bytes, which stay to be read. */
  async peek(count: number): Promise<Buffer> {
    while (this.#held.length < count && !this.#ended) await this.#more();
    return this.#held.subarray(0, count);
  }

  /** Null when fewer are left. */
  async take(count: number): Promise<Buffer | null> {
    const taken = await this.peek(count);
    if (taken.length < count) return null;
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async isAtEnd(): Promise<boolean> {
    return (await this.peek(1)).length === 0;
  }

  async *rest(): AsyncGenerator<Buffer> {
    while (!(await this.isAtEnd())) {
      yield this.#held;
      this.#held = Buffer.alloc(0);
    }
  }

  async #more(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done === true) this.#ended = true;
    else this.#held = Buffer.concat([this.#held, next.value]);
  }
}

async function* iterate(chunks: Chunks): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
