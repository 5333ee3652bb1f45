import type { Scope } from '@knot/domain';
import type { DriverClock } from '../clock.js';

export interface NomadOptions {
  readonly scope: Scope;
  /** Base address, e.g. `https://nomad.example.com:4646`; a path before `/v1` is kept. */
  readonly addr: string;
  /** Anything that hands the token out when asked; '' where Nomad has no ACL. */
  readonly token: { reveal(): string };
  /** The one namespace of this location; `default` when left out. */
  readonly namespace?: string;
  /** The region asked; the agent's own when left out. */
  readonly region?: string;
  /** PEM texts. */
  readonly tls?: {
    readonly ca?: string;
    readonly cert?: string;
    readonly key?: string;
    /** False: whoever answers is taken for Nomad. */
    readonly rejectUnauthorized?: boolean;
  };
  readonly clock: DriverClock;
  /** How long one call may take, ms. */
  readonly callMs?: number;
  /** A watch is cut when Nomad, which sends a heartbeat every 30 s, was silent this long, ms. */
  readonly silenceMs?: number;
}
