import { join } from 'node:path';
import { deriveKeyRing, openKeyFile, type KeyRing, type RandomSource } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';

const KEY_FILE = 'knot.key';

/** The keys that the configuration names, else those of a file beside the data. */
export function openKeys({ server }: KnotConfig, random: RandomSource): Promise<KeyRing> {
  const texts = [...(server.encrypt ? [server.encrypt] : []), ...server.encryptKeys];
  // Apart from the database: a copy of that alone opens nothing.
  return texts.length > 0 ? deriveKeyRing(texts, random) : openKeyFile(join(server.dataPath, KEY_FILE), random);
}
