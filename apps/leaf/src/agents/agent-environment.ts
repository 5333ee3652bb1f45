import type { SpaceSnapshot } from '@knot/domain';

const SRV = 'srv+';

/**
 * What an agent finds in its space's environment; undefined for a start that has no agent. Whether there is any depends on
 * the frozen snapshot alone.
 */
export function agentEnvironment(
  { data, joinSecret }: SpaceSnapshot,
  agentCa: string,
  nameservers: (name: string) => readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (joinSecret === undefined) return undefined;
  const { space, server, user } = data;
  const endpoint = server.agent_endpoint;
  const all = {
    KNOT_SERVER: server.url,
    KNOT_AGENT_ENDPOINT: endpoint,
    // as this leaf would find it itself
    KNOT_NAMESERVERS: endpoint.startsWith(SRV) ? nameservers(endpoint.slice(SRV.length)).join(' ') : '',
    KNOT_SPACEID: space.id,
    KNOT_USER: user.username,
    KNOT_WILDCARD_DOMAIN: server.wildcard_domain,
    KNOT_JOIN_SECRET: joinSecret,
    // one line, whatever carries it
    KNOT_AGENT_CA: Buffer.from(agentCa).toString('base64'),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}
