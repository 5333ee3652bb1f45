import { BlockList, isIP } from 'node:net';
import { plainAddress } from '../http/outside-addresses.js';

/** What somebody wants to reach, and where it turned out to be. */
export interface ProxyTarget {
  /** As it was asked for, or as an SRV record names it. */
  readonly host: string;
  /** What is dialled. */
  readonly address: string;
  readonly port: number;
}

interface Rule {
  readonly port: number | '*';
  readonly matches: (target: ProxyTarget) => boolean;
}

/** What `server.proxy_allow` lets people reach: names as they are asked for, addresses and networks as they are dialled. */
export class ProxyRules {
  private readonly rules: readonly Rule[];

  constructor(allowed: readonly string[]) {
    this.rules = allowed.map(ruleOf);
  }

  get allowNothing(): boolean {
    return this.rules.length === 0;
  }

  allow(target: ProxyTarget): boolean {
    return this.rules.some(({ port, matches }) => (port === '*' || port === target.port) && matches(target));
  }
}

function ruleOf(text: string): Rule {
  const at = text.lastIndexOf(':');
  const [host, port] = [text.slice(0, at).toLowerCase(), text.slice(at + 1)];
  return { port: port === '*' ? '*' : Number(port), matches: matcherOf(host.replace(/^\[([^\]]*)\]/, '$1')) };
}

function matcherOf(host: string): Rule['matches'] {
  const [address = '', bits] = host.split('/');
  const family = isIP(address);
  if (family !== 0) {
    const range = new BlockList();
    const kind = family === 4 ? 'ipv4' : 'ipv6';
    if (bits === undefined) range.addAddress(address, kind);
    else range.addSubnet(address, Number(bits), kind);
    return (target) => isIP(plainAddress(target.address)) === family && range.check(plainAddress(target.address), kind);
  }
  const nameOf = (target: ProxyTarget) => target.host.toLowerCase().replace(/\.$/, '');
  return host.startsWith('*.')
    ? (target) => nameOf(target).endsWith(host.slice(1))
    : (target) => nameOf(target) === host;
}
