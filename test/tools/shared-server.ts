import { inject } from 'vitest';
import type { sharedServers, SharedServerName } from './shared-servers.js';

type Access<Name extends SharedServerName> = Awaited<ReturnType<(typeof sharedServers)[Name]>>['access'];

/** How to reach a server of `shared-servers.ts`; starts it when this is the first test file of the run that asks. */
export async function sharedServer<Name extends SharedServerName>(name: Name): Promise<Access<Name>> {
  const response = await fetch(`${inject('sharedServers')}/${name}`, { signal: AbortSignal.timeout(280_000) });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Access<Name>;
}
