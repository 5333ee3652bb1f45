import { join } from 'node:path';
import { deriveKeyRing, openKeyFile, type Clock, type KeyRing, type RandomSource } from '@knot/shared';
import { formatListenAddress, type ServerConfig } from '@knot/shared/config';
import { openSqliteLeafStore, type SqliteLeafStore } from '@knot/shared/sqlite';
import type { LeafFacts } from '../leaf-ports.js';

const DATABASE = 'leaf.db';
const KEY_FILE = 'leaf.key';

/** The leaf's own store under `data_path`. Its secrets are wrapped by `encrypt`, or by a key file beside it. */
export async function openLeafStore(
  server: ServerConfig,
  { clock, random }: { readonly clock: Clock; readonly random: RandomSource },
): Promise<SqliteLeafStore> {
  const cipher = await openCipher(server, random);
  return openSqliteLeafStore({ file: join(server.dataPath, DATABASE), cipher, clock });
}

function openCipher({ encrypt, encryptKeys, dataPath }: ServerConfig, random: RandomSource): Promise<KeyRing> {
  const texts = [...(encrypt ? [encrypt] : []), ...encryptKeys];
  return texts.length > 0 ? deriveKeyRing(texts, random) : openKeyFile(join(dataPath, KEY_FILE), random);
}

export function factsOf(server: ServerConfig): LeafFacts {
  const endpoint = server.agentEndpoint ?? (server.listenAgent ? formatListenAddress(server.listenAgent) : '');
  return {
    url: server.url,
    agentEndpoint: endpoint,
    wildcardDomain: (server.wildcardDomain ?? '').replace(/^\*/, ''),
    timezone: server.timezone,
    directUrl: server.directUrl ?? '',
    appsUrl: server.appsUrl ?? '',
  };
}
