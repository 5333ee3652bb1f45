import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, scrypt, type KeyObject } from 'node:crypto';
import { KnotError } from '../errors/index.js';
import type { Cipher } from '../stores/leaf-store.js';
import type { RandomSource } from './random-text.js';
import type { Secret } from './secret.js';

/** Sealed bytes: form (1), key id (4), nonce (12), ciphertext, tag (16). AES-256-GCM, the context is authenticated. */
const FORM = 1;
const ID_BYTES = 4;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + ID_BYTES + NONCE_BYTES;
const KEY_BYTES = 32;
const TEXT_PREFIX = 'k1.';

/** Fewest characters of a text that a key is derived from. */
export const SHORTEST_KEY_TEXT = 16;

/** One guess at a weak text costs some 100 ms and 32 MB. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };
/** Fixed: the same text must give the same key on every origin and after every start. */
const SALT = 'knot key ring 1';

interface RingKey {
  /** Hex; tells which key of the ring sealed a value and nothing about the key. */
  readonly id: string;
  /** Prepared once: from its bytes OpenSSL would make it anew for each value, at three times the cost. */
  readonly key: KeyObject;
  /** What else is derived comes from this. */
  readonly others: Buffer;
}

/**
 * Seals values with its first key and opens those of any of its keys: to rotate, put a new key first and keep the old
 * one until `isCurrent` holds for everything. `context` names the row and field, so that a sealed value moved to
 * another row does not open.
 */
export class KeyRing implements Cipher {
  readonly #current: RingKey;
  readonly #keys: ReadonlyMap<string, RingKey>;

  /** `roots` are 32 random bytes each, the current one first. */
  constructor(
    roots: readonly Uint8Array[],
    private readonly random: RandomSource,
  ) {
    const keys = roots.map(ringKey);
    const [current] = keys;
    if (current === undefined) throw new KnotError('config.invalid', 'a key ring needs at least one key');
    this.#current = current;
    this.#keys = new Map(keys.map((key) => [key.id, key]));
  }

  /** How many keys it opens with. */
  get size(): number {
    return this.#keys.size;
  }

  /** Bytes that whoever has the current key can make, and nobody else: the same for the same use at every server. */
  bytesFor(use: string, length: number): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#current.others, SALT, use, length));
  }

  seal(plain: Uint8Array, context: string): Uint8Array {
    const nonce = this.random(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#current.key, nonce).setAAD(Buffer.from(context, 'utf8'));
    const head = [Buffer.from([FORM]), Buffer.from(this.#current.id, 'hex'), nonce];
    return Buffer.concat([...head, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  }

  open(sealed: Uint8Array, context: string): Uint8Array {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    const found = this.#keys.get(keyIdOf(bytes));
    if (found === undefined) throw unopened(context, 'no key of the ring has sealed it');
    const decipher = createDecipheriv('aes-256-gcm', found.key, bytes.subarray(1 + ID_BYTES, HEAD_BYTES));
    decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const plain = decipher.update(bytes.subarray(HEAD_BYTES, -TAG_BYTES));
      // Of this cipher nothing is left by then; it proves the tag.
      decipher.final();
      return plain;
    } catch (error) {
      throw unopened(context, 'it was changed, or belongs to something else', error);
    }
  }

  isSealedNow(sealed: Uint8Array): boolean {
    return keyIdOf(Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)) === this.#current.id;
  }

  /** A sealed text for a column of a row. */
  sealText(plain: string, context: string): string {
    return TEXT_PREFIX + Buffer.from(this.seal(Buffer.from(plain, 'utf8'), context)).toString('base64url');
  }

  openText(sealed: string, context: string): string {
    return Buffer.from(this.open(bytesOfText(sealed, context), context)).toString('utf8');
  }

  /** False for a sealed text that should be sealed again because its key is no longer the first. */
  isCurrent(sealed: string): boolean {
    return sealed.startsWith(TEXT_PREFIX) && keyIdOf(bytesOfText(sealed, 'a sealed value')) === this.#current.id;
  }
}

/** Keys from texts that a person chose (`encrypt`), the current one first; about 100 ms each, once at start. */
export async function deriveKeyRing(texts: readonly Secret[], random: RandomSource): Promise<KeyRing> {
  const short = texts.find((text) => text.length < SHORTEST_KEY_TEXT);
  if (short !== undefined) {
    const message = `the encryption key has ${short.length} characters, ${SHORTEST_KEY_TEXT} are the least`;
    throw new KnotError('config.invalid', message, 'Make one with `knot genkey`.', { key: 'server.encrypt' });
  }
  return new KeyRing(await Promise.all(texts.map(deriveRoot)), random);
}

/** The context of a sealed field of a row. */
export function sealContext(kind: string, id: string, field: string): string {
  return `${kind}/${id}/${field}`;
}

function deriveRoot(text: Secret): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(text.reveal(), SALT, KEY_BYTES, SCRYPT, (error, root) => (error === null ? resolve(root) : reject(error)));
  });
}

function ringKey(root: Uint8Array): RingKey {
  if (root.length !== KEY_BYTES) throw new KnotError('config.invalid', `a key has ${root.length} bytes, not 32`);
  const derived = (use: string, length: number): Buffer => Buffer.from(hkdfSync('sha256', root, SALT, use, length));
  const key = createSecretKey(derived('seal', KEY_BYTES));
  return { id: derived('key id', ID_BYTES).toString('hex'), key, others: derived('others', KEY_BYTES) };
}

function keyIdOf(sealed: Buffer): string {
  if (sealed.length < HEAD_BYTES + TAG_BYTES || sealed[0] !== FORM) return '';
  return sealed.toString('hex', 1, 1 + ID_BYTES);
}

function bytesOfText(sealed: string, context: string): Buffer {
  if (!sealed.startsWith(TEXT_PREFIX)) throw unopened(context, 'it is not sealed');
  return Buffer.from(sealed.slice(TEXT_PREFIX.length), 'base64url');
}

function unopened(context: string, why: string, cause?: unknown): KnotError {
  const hint = 'The value was sealed with another key: put that key back beside the present one.';
  return new KnotError('internal', `${context} cannot be opened: ${why}`, hint, {}, { cause });
}
