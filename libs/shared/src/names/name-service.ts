import { promises as dns, type SrvRecord } from 'node:dns';
import { isIP } from 'node:net';

export interface HostAddresses {
  readonly addresses: readonly string[];
  /** Seconds for which they may be used. */
  readonly ttl: number;
}

/** Asks name servers; errors are those of `node:dns`. */
export interface NameService {
  srv(name: string, servers: readonly string[]): Promise<readonly SrvRecord[]>;
  host(name: string, servers: readonly string[]): Promise<HostAddresses>;
}

const TIMEOUT_MS = 2_000;
const TRIES = 2;
/** What the system's own look-up does not tell. */
const UNTOLD_TTL_S = 30;

/** The real one. No servers: the system's. */
export const systemNameService: NameService = {
  async srv(name, servers) {
    return (await resolverOf(servers)).resolveSrv(name);
  },

  async host(name, servers) {
    if (isIP(name) !== 0) return { addresses: [name], ttl: UNTOLD_TTL_S };
    if (servers.length === 0) {
      const found = await dns.lookup(name, { all: true });
      return { addresses: found.map(({ address }) => address), ttl: UNTOLD_TTL_S };
    }
    const resolver = await resolverOf(servers);
    const answers = await Promise.allSettled([
      resolver.resolve4(name, { ttl: true }),
      resolver.resolve6(name, { ttl: true }),
    ]);
    const records = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const [first] = answers;
    if (records.length === 0 && first.status === 'rejected') throw first.reason;
    return { addresses: records.map(({ address }) => address), ttl: Math.min(...records.map(({ ttl }) => ttl)) };
  },
};

async function resolverOf(servers: readonly string[]): Promise<dns.Resolver> {
  const resolver = new dns.Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (servers.length > 0) resolver.setServers(await Promise.all(servers.map(toAddress)));
  return resolver;
}

/** A name server may be named by a name itself, which the system knows. */
async function toAddress(server: string): Promise<string> {
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(server) ?? [];
  const address = isIP(host) !== 0 ? host : (await dns.lookup(host)).address;
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}
