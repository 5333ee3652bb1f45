import { getCACertificates } from 'node:tls';
import { readPem } from '@knot/link';
import { ServerNames, type Clock, type Logger, type ServerTarget } from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';

interface ServerPorts {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What vouches for the certificates of a store's servers: the system's authorities and that of the file. */
export async function trustedBy(key: string, caFile: string | undefined): Promise<{ readonly ca: readonly string[] }> {
  const own = await readPem(key, caFile);
  return { ca: [...getCACertificates('default'), ...getCACertificates('system'), ...(own ? [own] : [])] };
}

/** Looks up the SRV names of a store's servers; the last answer is used, with a warning, while there is no other. */
export function storeNames(
  config: KnotConfig,
  { clock, logger }: ServerPorts,
  what: string,
): (name: string) => Promise<readonly ServerTarget[]> {
  const warn = (err: Error): void => logger.warn({ err }, `${what} is dialled where it was last`);
  const names = new ServerNames({ ...config.resolver, clock, warn });
  return (name) => names.targets(name);
}
