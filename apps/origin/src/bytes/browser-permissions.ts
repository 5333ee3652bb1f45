import { BlockList, isIP } from 'node:net';
import type { Clock } from '@knot/shared';
import type { NameService } from '@knot/shared/names';
import { isLoopback, plainAddress } from '../http/outside-addresses.js';

/** What a browser may ask its user for before a page may call a leaf; '' where it asks nothing. */
export const BROWSER_PERMISSIONS = ['', 'local-network', 'loopback-network'] as const;

export type BrowserPermission = (typeof BROWSER_PERMISSIONS)[number];

/** From the most private one on. Browsers ask before a page calls what is more private than where it came from. */
const [LOOPBACK, LOCAL, PUBLIC] = [0, 1, 2] as const;

/** Browsers wait for a ticket meanwhile, ms. */
const LOOK_UP_MS = 500;
const KNOWN_MS = 60_000;

const [local, open] = [new BlockList(), new BlockList()];
local.addSubnet('0.0.0.0', 8, 'ipv4');
local.addSubnet('10.0.0.0', 8, 'ipv4');
local.addSubnet('100.64.0.0', 10, 'ipv4');
local.addSubnet('169.254.0.0', 16, 'ipv4');
local.addSubnet('172.16.0.0', 12, 'ipv4');
local.addSubnet('192.168.0.0', 16, 'ipv4');
open.addSubnet('2000::', 3, 'ipv6');

interface Known {
  readonly spaces: Promise<readonly number[]>;
  readonly until: number;
}

/** Whether browsers ask their users first (Local Network Access), as far as a look-up of both names from here can tell. */
export class BrowserPermissions {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly names: Pick<NameService, 'host'>,
    private readonly clock: Pick<Clock, 'monotonic' | 'sleep'>,
  ) {}

  /** For a page of one address that calls another one; both with scheme. A name that is not found is a private one. */
  async between(page: string, leaf: string): Promise<BrowserPermission> {
    const [from, to] = await Promise.all([this.spacesOf(page), this.spacesOf(leaf)]);
    const target = Math.min(...to);
    if (target >= Math.max(...from)) return '';
    return target === LOOPBACK ? 'loopback-network' : 'local-network';
  }

  private spacesOf(url: string): Promise<readonly number[]> {
    const host = (URL.parse(url)?.hostname ?? '').replace(/^\[|\]$/g, '');
    const now = this.clock.monotonic();
    const known = this.known.get(host);
    if (known && known.until > now) return known.spaces;
    const spaces = this.lookUp(host);
    this.known.set(host, { spaces, until: now + KNOWN_MS });
    return spaces;
  }

  private async lookUp(host: string): Promise<readonly number[]> {
    const over = new AbortController();
    const late = this.clock.sleep(LOOK_UP_MS, over.signal).then(() => null);
    late.catch(() => undefined);
    try {
      const found = await Promise.race([this.names.host(host, []), late]);
      return found && found.addresses.length > 0 ? found.addresses.map(spaceOf) : UNKNOWN;
    } catch {
      return UNKNOWN;
    } finally {
      over.abort();
    }
  }
}

/** Neither a page's nor a leaf's is taken for what needs no asking. */
const UNKNOWN: readonly number[] = [LOCAL, PUBLIC];

function spaceOf(address: string): number {
  if (isLoopback(address)) return LOOPBACK;
  const plain = plainAddress(address);
  const family = isIP(plain) === 4 ? 'ipv4' : 'ipv6';
  const isPublic = family === 'ipv4' ? !local.check(plain, family) : open.check(plain, family);
  return isPublic ? PUBLIC : LOCAL;
}
