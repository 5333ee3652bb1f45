import type { ServerTarget } from '../../names/server-names.js';

export interface RedisPlace {
  /**
   * `host:port` or `srv+name` of the server, of the Sentinels where `masterName` is given, else, when several, of a Cluster.
   */
  readonly hosts: readonly string[];
  readonly password?: string;
  readonly db: number;
  readonly masterName?: string;
  /** Put before each key; with its colon. */
  readonly keyPrefix: string;
  /** What vouches for the certificates of the servers; without it there is no TLS. */
  readonly tls?: { readonly ca: readonly string[] };
  /** Where the servers behind an SRV name are by now; asked before each new connection. */
  readonly srv?: (name: string) => Promise<readonly ServerTarget[]>;
}

const DEFAULT_PORT = 6379;
const SRV = 'srv+';

/** Where the servers of one of the hosts are by now, in the order to try them. */
export async function targetsOf(host: string, { srv }: RedisPlace): Promise<readonly ServerTarget[]> {
  if (!host.startsWith(SRV)) return [targetOf(host)];
  if (srv === undefined) throw new Error(`nobody looks up ${host}`);
  return srv(host.slice(SRV.length));
}

function targetOf(text: string): ServerTarget {
  const at = text.lastIndexOf(':');
  const port = Number(text.slice(at + 1));
  if (at <= 0 || text.endsWith(']') || !Number.isInteger(port))
    return { host: text, address: text, port: DEFAULT_PORT };
  const host = text.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  return { host, address: host, port };
}
