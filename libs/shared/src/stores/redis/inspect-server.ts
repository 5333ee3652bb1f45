import type { Redis } from 'ioredis';
import { KnotError } from '../../errors/index.js';

/** What of a Redis server decides how safely it keeps data. */
export interface ServerTraits {
  readonly version: string;
  readonly evictionPolicy: string;
  readonly aof: boolean;
  /** '' where the server does not tell. */
  readonly appendFsync: string;
  readonly cluster: boolean;
}

/** `#!lua` and its flags, on which commits rely. */
const OLDEST = 7;

export async function inspectServer(master: Redis): Promise<ServerTraits> {
  const info = factsOf(await master.info());
  return {
    version: info.get('redis_version') ?? '',
    evictionPolicy: info.get('maxmemory_policy') ?? '',
    aof: info.get('aof_enabled') === '1',
    cluster: info.get('cluster_enabled') === '1',
    appendFsync: await appendFsyncOf(master),
  };
}

/** Refuses a server that could lose what it was told to keep: `config.invalid`. */
export function refuseUnsafe(traits: ServerTraits, clustered: boolean, acceptDataLoss: boolean): void {
  if (Number(traits.version.split('.')[0]) < OLDEST) {
    throw invalid(`Redis ${traits.version} is too old to be the store`, `Use version ${OLDEST} or newer.`, 'hosts');
  }
  if (traits.cluster && !clustered) {
    throw invalid('this Redis belongs to a Cluster', 'Name several of its hosts in server.redis.hosts.', 'hosts');
  }
  if (traits.evictionPolicy !== 'noeviction') {
    const message = `Redis may drop data when its memory is full (maxmemory-policy ${traits.evictionPolicy})`;
    throw invalid(message, 'Set `maxmemory-policy noeviction` there.', 'hosts');
  }
  if (!traits.aof && !acceptDataLoss) {
    const hint = 'Set `appendonly yes` there, or server.redis.accept_data_loss: true to lose what was written last.';
    throw invalid(
      'Redis keeps no append-only file: what was acknowledged would be lost with it',
      hint,
      'accept_data_loss',
    );
  }
}

/** What a person should know of a server that is taken all the same. */
export function findingsOf(traits: ServerTraits): readonly string[] {
  if (!traits.aof) {
    return [
      'Redis is the store and keeps no append-only file (accept_data_loss): when it dies, what it was told last is lost.',
    ];
  }
  if (traits.appendFsync === 'always') return [];
  const window = traits.appendFsync === 'no' ? 'up to half a minute' : 'up to one second';
  const setting =
    traits.appendFsync === '' ? 'an appendfsync that it does not tell' : `appendfsync ${traits.appendFsync}`;
  return [
    `Redis is the store, with ${setting}: when its machine loses power, ${window} of what was acknowledged is lost. ` +
      'With `appendfsync always` nothing is.',
  ];
}

function factsOf(info: string): ReadonlyMap<string, string> {
  return new Map(
    info.split('\r\n').flatMap((line) => {
      const at = line.indexOf(':');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : [];
    }),
  );
}

async function appendFsyncOf(master: Redis): Promise<string> {
  try {
    const answer: unknown = await master.config('GET', 'appendfsync');
    return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : '';
  } catch {
    // A hosted Redis has no CONFIG for its users.
    return '';
  }
}

function invalid(message: string, hint: string, key: string): KnotError {
  return new KnotError('config.invalid', message, hint, { key: `server.redis.${key}` });
}
