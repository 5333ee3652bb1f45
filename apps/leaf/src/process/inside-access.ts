import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isOnMachine } from '@knot/link';
import { sha256Hex } from '@knot/shared';
import type { ServerConfig } from '@knot/shared/config';

type Asking = Pick<IncomingMessage, 'headers' | 'socket'>;

/** Who reads how this leaf is: programs of its own machine, and whoever shows `server.metrics_token`. */
export class InsideAccess {
  constructor(private readonly server: Pick<ServerConfig, 'metricsToken' | 'directUrl'>) {}

  toDetails(request: Asking): boolean {
    return isOnMachine(request) || this.showsToken(request);
  }

  /** They are counts and times: where only servers reach this leaf, and no token is set, they are open to all of them. */
  toMetrics(request: Asking): boolean {
    const { metricsToken, directUrl } = this.server;
    return (metricsToken === undefined && directUrl === undefined) || this.toDetails(request);
  }

  private showsToken({ headers }: Asking): boolean {
    const shown = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const { metricsToken } = this.server;
    if (shown === undefined || metricsToken === undefined) return false;
    return timingSafeEqual(Buffer.from(sha256Hex(shown)), Buffer.from(sha256Hex(metricsToken.reveal())));
  }
}
