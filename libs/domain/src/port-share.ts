import type { Platform } from './platform.js';

/** Who opens a web port of a space, from the fewest on: whoever may enter the space always does. */
export const PORT_SHARES = ['owner', 'group', 'users', 'public'] as const;

/**
 * `owner`: nobody else. `group`: also who is in a group with the owner. `users`: everybody who is signed in. `public`:
 * anybody, without signing in.
 */
export type PortShare = (typeof PORT_SHARES)[number];

export interface SharedPort {
  readonly port: number;
  readonly share: PortShare;
}

/** What a location says of the ports of its spaces. */
export interface PortPolicy {
  /** For ports that neither owner nor template says anything of. */
  readonly share: PortShare;
  /** Whether a port may be public at all; where not, `public` is `users`. */
  readonly public: boolean;
}

export const CLOSED_PORTS: PortPolicy = { share: 'owner', public: false };

interface SaidOfPort {
  readonly port: number;
  /** Absent: nothing is said of it. */
  readonly share?: PortShare;
}

/** What decides on the ports of a space. */
export interface PortSharing {
  readonly location: string;
  readonly platform: Platform;
  /** By its owner. */
  readonly portShares: readonly SharedPort[];
  /** By its template, as frozen at its start. */
  readonly templatePorts: readonly SaidOfPort[];
  readonly policy: PortPolicy;
}

export interface RuledShare {
  readonly share: PortShare;
  /** Whose word it is. */
  readonly by: 'owner' | 'template' | 'location';
}

/** With whom a port is shared in the end. */
export function portShare(port: number, sharing: PortSharing): RuledShare {
  const { portShares, templatePorts, policy } = sharing;
  if (unshareable(sharing) !== null) return { share: 'owner', by: 'location' };
  const said = (ports: readonly SaidOfPort[]) => ports.find((one) => one.port === port)?.share;
  const own = said(portShares);
  if (own) return { share: within(own, policy), by: 'owner' };
  const fromTemplate = said(templatePorts);
  if (fromTemplate) return { share: within(fromTemplate, policy), by: 'template' };
  return { share: within(policy.share, policy), by: 'location' };
}

/** Why no port of a space can be shared, as a sentence; null where they can. */
export function unshareable({ location, platform }: Pick<PortSharing, 'location' | 'platform'>): string | null {
  if (platform === 'local') return 'Spaces on the machine of the leaf itself share no ports: they run as its user.';
  if (location.startsWith('~')) return 'Spaces on the machine of their user share no ports.';
  return null;
}

function within(share: PortShare, policy: PortPolicy): PortShare {
  return share === 'public' && !policy.public ? 'users' : share;
}
