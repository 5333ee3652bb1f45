import { connect, isIP, type Socket } from 'node:net';
import { KnotError } from '@knot/shared/errors';
import { nameserversFor, systemNameService, type NameService, type ServerNames } from '@knot/shared/names';
import { isAsked, plainAddress } from '../http/outside-addresses.js';
import { ProxyRules, type ProxyTarget } from './proxy-rules.js';

const DIAL_MS = 10_000;

/** What a service proxy takes from knot.yaml. */
export interface ProxySettings {
  readonly disabled: boolean;
  readonly allowed: readonly string[];
  readonly resolver: {
    readonly nameservers: readonly string[];
    readonly domains: Readonly<Record<string, readonly string[]>>;
  };
  /** `host:port` of what nobody reaches this way: the stores and the orchestrators. */
  readonly never: readonly string[];
}

export interface ServiceProxyPorts {
  readonly settings: ProxySettings;
  /** For names with SRV records. */
  readonly names: Pick<ServerNames, 'targets'>;
  readonly service?: NameService;
  /** Whether this server asks an address at all: not this machine itself, nor what is no single machine. */
  readonly isAsked?: (address: string) => boolean;
}

/** Connections from this server to services of its network, as far as `server.proxy_allow` names them. */
export class ServiceProxy {
  private readonly rules: ProxyRules;
  private readonly service: NameService;
  private readonly isAsked: (address: string) => boolean;

  constructor(private readonly ports: ServiceProxyPorts) {
    this.rules = new ProxyRules(ports.settings.allowed);
    this.service = ports.service ?? systemNameService;
    this.isAsked = ports.isAsked ?? ((address) => isAsked(address, false));
  }

  /**
   * The address of a service that may be reached; port 0: as the SRV records of its name say. Throws `access.denied`
   * for one that nobody reaches, `server.unavailable` for a name that cannot be looked up.
   */
  async target(host: string, port: number): Promise<ProxyTarget> {
    const { settings } = this.ports;
    if (settings.disabled || this.rules.allowNothing) {
      const why = settings.disabled ? 'server.disable_proxy is on' : 'server.proxy_allow names nothing';
      throw new KnotError(
        'access.denied',
        `This server reaches no services for anybody: ${why}.`,
        'Ask whoever runs it.',
      );
    }
    const found = await this.lookUp(host, port);
    const never = await this.neverDialled();
    const good = found.find((one) => {
      const at = `${plainAddress(one.address)} ${one.port}`;
      return this.rules.allow(one) && this.isAsked(one.address) && !never.has(at);
    });
    if (good) return good;
    // the same whether there is such a service or not
    const message = `server.proxy_allow does not let ${host}${port === 0 ? '' : `:${port}`} be reached.`;
    throw new KnotError('access.denied', message, 'Ask whoever runs this server to allow it.');
  }

  /** Dials the very address that was looked at. Throws `server.unavailable`. */
  dial({ address, port, host }: ProxyTarget): Promise<Socket> {
    const socket = connect({ host: address, port, noDelay: true, allowHalfOpen: true });
    socket.setTimeout(DIAL_MS, () => socket.destroy(new Error('no answer in time')));
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        reject(
          new KnotError('server.unavailable', `${host}:${port} does not answer: ${error.message}.`, 'Is it running?'),
        );
      };
      socket.once('error', fail);
      socket.once('connect', () => {
        socket.setTimeout(0);
        socket.off('error', fail);
        socket.on('error', () => socket.destroy());
        resolve(socket);
      });
    });
  }

  private async lookUp(host: string, port: number): Promise<readonly ProxyTarget[]> {
    if (port === 0) {
      const targets = await this.ports.names.targets(host);
      // a rule names the service, whatever the machines behind it are called
      return targets.flatMap((one) => [{ ...one, host }, one]);
    }
    try {
      const { addresses } = await this.service.host(host, nameserversFor(host, this.ports.settings.resolver));
      return addresses.map((address) => ({ host, address, port }));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new KnotError(
        'server.unavailable',
        `${host} cannot be looked up: ${why}.`,
        'Check the name.',
        {},
        { cause: error },
      );
    }
  }

  /** `address port` of each; one that cannot be looked up is not reached by its name either. */
  private async neverDialled(): Promise<ReadonlySet<string>> {
    const { never, resolver } = this.ports.settings;
    const found = await Promise.all(
      never.map(async (one) => {
        const at = one.lastIndexOf(':');
        const [host, port] = [one.slice(0, at).replace(/^\[|\]$/g, ''), one.slice(at + 1)];
        const known =
          isIP(host) === 0 ? this.service.host(host, nameserversFor(host, resolver)) : { addresses: [host] };
        const { addresses } = await Promise.resolve(known).catch(() => ({ addresses: [] }));
        return addresses.map((address) => `${plainAddress(address)} ${port}`);
      }),
    );
    return new Set(found.flat());
  }
}
