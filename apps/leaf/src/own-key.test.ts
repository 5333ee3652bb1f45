import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { OwnKey } from './own-key.js';

it('a key is one for all who ask for the first time at once, and the one that lies on the disk', async () => {
  const disk = new Map<string, string>();
  const store = {
    secret: async (name: string) => disk.get(name) ?? null,
    putSecret: async (name: string, value: string) => void disk.set(name, value),
  };
  const key = new OwnKey(store, randomBytes, 'app-cookie-key');
  const [one, other] = await Promise.all([key.bytes(), key.bytes()]);
  expect(one).toEqual(other);
  expect(await new OwnKey(store, randomBytes, 'app-cookie-key').bytes()).toEqual(one);
});

it('a disk that failed once is asked again', async () => {
  let broken = true;
  const store = {
    secret: async () => {
      if (broken) throw new Error('The disk is full.');
      return null;
    },
    putSecret: async () => undefined,
  };
  const key = new OwnKey(store, randomBytes, 'app-cookie-key');
  await expect(key.bytes()).rejects.toThrow('full');
  broken = false;
  expect(await key.bytes()).toHaveLength(32);
});
