import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../ids/random.js';
import { openKeyFile } from './key-file.js';
import { deriveKeyRing, KeyRing } from './key-ring.js';
import { Secret } from './secret.js';

const ring = (...fills: number[]): KeyRing =>
  new KeyRing(
    fills.map((fill) => Buffer.alloc(32, fill)),
    systemRandom,
  );

describe('KeyRing', () => {
  it('opens what it sealed, in the context it was sealed for, and nowhere else', () => {
    const sealed = ring(1).sealText('pässwörd', 'space/1/servicePassword');
    expect(ring(1).openText(sealed, 'space/1/servicePassword')).toBe('pässwörd');
    expect(() => ring(1).openText(sealed, 'space/2/servicePassword')).toThrow('belongs to something else');
  });

  it('never gives the same text twice, and shows nothing of the plain one', () => {
    const [first, second] = [ring(1).sealText('hunter2hunter2', 'a'), ring(1).sealText('hunter2hunter2', 'a')];
    expect(first).not.toBe(second);
    expect(Buffer.from(first.slice(3), 'base64url').includes('hunter2')).toBe(false);
  });

  it('refuses a value of which any one byte was changed', () => {
    const sealed = ring(1).seal(Buffer.from('plain'), 'a');
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => ring(1).open(changed, 'a')).toThrow('cannot be opened');
    }
    expect(() => ring(1).open(new Uint8Array(), 'a')).toThrow('cannot be opened');
    expect(() => ring(1).openText('plain text', 'a')).toThrow('is not sealed');
  });

  it('rotates: the new key seals, the old one still opens, and what is left to seal again can be told', () => {
    const old = ring(1).sealText('plain', 'a');
    const rotated = ring(2, 1);
    expect(rotated.openText(old, 'a')).toBe('plain');
    expect(rotated.isCurrent(old)).toBe(false);
    const renewed = rotated.sealText('plain', 'a');
    expect(rotated.isCurrent(renewed)).toBe(true);
    expect(ring(2).openText(renewed, 'a')).toBe('plain');
    expect(() => ring(2).openText(old, 'a')).toThrow('no key of the ring');
  });

  it('gives the same bytes for a use to whoever has the key, and others to everybody else', () => {
    const bytes = (root: number, use: string) =>
      Buffer.from(new KeyRing([new Uint8Array(32).fill(root)], systemRandom).bytesFor(use, 16)).toString('hex');
    expect(bytes(1, 'a')).toMatch(/^[0-9a-f]{32}$/);
    expect(bytes(1, 'a')).toBe(bytes(1, 'a'));
    expect(new Set([bytes(1, 'a'), bytes(1, 'b'), bytes(2, 'a')]).size).toBe(3);
  });

  it('derives the same key from the same text and refuses a text of 15 characters', async () => {
    const text = new Secret('sixteen letters!');
    const sealed = (await deriveKeyRing([text], systemRandom)).sealText('plain', 'a');
    expect((await deriveKeyRing([new Secret('another text of mine'), text], systemRandom)).openText(sealed, 'a')).toBe(
      'plain',
    );
    await expect(deriveKeyRing([new Secret('fifteen letters')], systemRandom)).rejects.toThrow('has 15 characters');
    expect(() => new KeyRing([], systemRandom)).toThrow('at least one key');
  });
});

describe('openKeyFile', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'knot-keys-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('makes a key for this user only, and finds it again', async () => {
    const path = join(folder, 'deep', 'leaf.key');
    const sealed = (await openKeyFile(path, systemRandom)).sealText('plain', 'a');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await openKeyFile(path, systemRandom)).openText(sealed, 'a')).toBe('plain');
  });

  it('closes a file that stands open to others, and opens values of an older line', async () => {
    const path = join(folder, 'leaf.key');
    const sealed = (await openKeyFile(path, systemRandom)).sealText('plain', 'a');
    await writeFile(path, `${Buffer.alloc(32, 9).toString('base64')}\n${await readFile(path, 'utf8')}`);
    await chmod(path, 0o644);
    expect((await openKeyFile(path, systemRandom)).openText(sealed, 'a')).toBe('plain');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'short\n'])('refuses a file that holds %j instead of a key', async (text) => {
    const path = join(folder, 'leaf.key');
    await writeFile(path, text);
    await expect(openKeyFile(path, systemRandom)).rejects.toThrow('holds no key');
  });
});
