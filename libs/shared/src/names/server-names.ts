import { KnotError } from '../errors/index.js';
import { orderTargets } from './order-targets.js';
import { systemNameService, type HostAddresses, type NameService } from './name-service.js';

/** A server to dial: one of them after the other until one answers. */
export interface ServerTarget {
  /** What its certificate names. */
  readonly host: string;
  /** Where to dial it. */
  readonly address: string;
  readonly port: number;
}

export interface ServerNamesPorts {
  /** `host:port` each; none: the system's. */
  readonly nameservers: readonly string[];
  /** By suffix of the name. */
  readonly domains: Readonly<Record<string, readonly string[]>>;
  readonly clock: { monotonic(): number };
  /** Told when an older answer is used because no name server gives one. */
  readonly warn: (error: KnotError) => void;
  readonly service?: NameService;
  /** From 0 up to but not 1. */
  readonly chance?: () => number;
}

interface Answer {
  readonly targets: readonly (ServerTarget & { readonly priority: number; readonly weight: number })[];
  readonly until: number;
}

/** Even an answer that may not be kept at all is good for one burst of connections. */
const SHORTEST_S = 1;
const LONGEST_S = 300;
/** Names may be those that users ask for; the one that was looked up longest ago goes first. */
const MOST_NAMES = 500;
/** What a name server says that knows the name, or knows that there is none. */
const NO_SUCH_NAME = ['ENOTFOUND', 'ENODATA'];

/** Where the servers behind a name with SRV records are by now. */
export class ServerNames {
  readonly #answers = new Map<string, Answer>();
  readonly #service: NameService;
  readonly #chance: () => number;

  constructor(private readonly ports: ServerNamesPorts) {
    this.#service = ports.service ?? systemNameService;
    this.#chance = ports.chance ?? Math.random;
  }

  /**
   * The targets of an SRV name in the order to try them, drawn anew at each call; never empty. An answer is kept for as
   * long as it says, and longer while no name server gives another. Throws `server.unavailable`.
   */
  async targets(name: string): Promise<readonly ServerTarget[]> {
    const { targets } = await this.#answer(name);
    return orderTargets(targets, this.#chance).map(({ host, address, port }) => ({ host, address, port }));
  }

  async #answer(name: string): Promise<Answer> {
    const known = this.#answers.get(name);
    if (known !== undefined && this.ports.clock.monotonic() < known.until) return known;
    try {
      const answer = await this.#ask(name);
      this.#answers.delete(name);
      this.#answers.set(name, answer);
      const [oldest] = this.#answers.keys();
      if (this.#answers.size > MOST_NAMES && oldest !== undefined) this.#answers.delete(oldest);
      return answer;
    } catch (error) {
      const trouble = this.#troubleWith(name, error);
      if (known === undefined || NO_SUCH_NAME.includes(codeOf(error))) throw trouble;
      this.ports.warn(trouble);
      return known;
    }
  }

  async #ask(name: string): Promise<Answer> {
    const servers = this.#serversFor(name);
    const records = await this.#service.srv(name, servers);
    const found = await Promise.allSettled(
      records.map(async (record) => {
        const host = record.name.replace(/\.$/, '');
        const { addresses, ttl } = await this.#host(host, servers);
        return { ttl, targets: addresses.map((address) => ({ ...record, host, address })) };
      }),
    );
    const good = found.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const failed = found.find((one) => one.status === 'rejected');
    if (good.length === 0 && failed !== undefined) throw unknownHosts(name, records, failed.reason);
    const ttl = Math.min(LONGEST_S, Math.max(SHORTEST_S, Math.min(...good.map((one) => one.ttl))));
    return {
      targets: good.flatMap((one) => one.targets),
      until: this.ports.clock.monotonic() + ttl * 1_000,
    };
  }

  /** Asks whoever knows its suffix, else who named it, else those for everything. */
  async #host(host: string, namedBy: readonly string[]): Promise<HostAddresses> {
    const own = this.#bySuffix(host);
    try {
      return await this.#service.host(host, own ?? namedBy);
    } catch (error) {
      if (own !== undefined || namedBy === this.ports.nameservers) throw error;
      return this.#service.host(host, this.ports.nameservers);
    }
  }

  #serversFor(name: string): readonly string[] {
    return nameserversFor(name, this.ports);
  }

  #bySuffix(name: string): readonly string[] | undefined {
    return ofLongestSuffix(name, this.ports.domains);
  }

  #troubleWith(name: string, error: unknown): KnotError {
    if (error instanceof KnotError) return error;
    const servers = this.#serversFor(name);
    const asked = servers.length === 0 ? "the system's name servers" : `the name servers ${servers.join(', ')}`;
    const code = codeOf(error);
    if (NO_SUCH_NAME.includes(code)) {
      const hint = 'Check the name after srv+, and that its servers are registered under it.';
      return new KnotError('server.unavailable', `${name} has no SRV records at ${asked}`, hint, {}, { cause: error });
    }
    const hint = 'Check resolver.nameservers and resolver.domains (or resolver.consul), and that they can be reached.';
    const message = `${name} cannot be looked up: ${asked} gave no answer (${code})`;
    return new KnotError('server.unavailable', message, hint, {}, { cause: error });
  }
}

/** The name servers to ask for a name; none: the system's. */
export function nameserversFor(
  name: string,
  { nameservers, domains }: Pick<ServerNamesPorts, 'nameservers' | 'domains'>,
): readonly string[] {
  return ofLongestSuffix(name, domains) ?? nameservers;
}

function ofLongestSuffix(name: string, domains: ServerNamesPorts['domains']): readonly string[] | undefined {
  const lower = name.toLowerCase().replace(/\.$/, '');
  const [suffix] = Object.keys(domains)
    .filter((one) => lower === one || lower.endsWith(`.${one}`))
    .sort((a, b) => b.length - a.length);
  return suffix === undefined ? undefined : domains[suffix];
}

function unknownHosts(name: string, records: readonly { readonly name: string }[], cause: unknown): KnotError {
  const hosts = records.map((record) => record.name).join(', ');
  const hint = 'See that the name servers of its SRV records know these names too.';
  const message = `${name} leads to ${hosts}, which cannot be looked up (${codeOf(cause)})`;
  return new KnotError('server.unavailable', message, hint, {}, { cause });
}

function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}
