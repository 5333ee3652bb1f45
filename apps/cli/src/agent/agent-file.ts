import { loadConfig, requireKey, type ConfigWorld } from '@knot/shared/config';

/** By the names under which the agent reads them from its environment. */
const READ: Readonly<Record<string, string>> = {
  'agent.endpoint': 'KNOT_AGENT_ENDPOINT',
  'agent.space_id': 'KNOT_SPACEID',
  'agent.port.tcp_port': 'KNOT_TCP_PORT',
  'agent.port.http_port': 'KNOT_HTTP_PORT',
  'agent.port.https_port': 'KNOT_HTTPS_PORT',
  'agent.port.code_server': 'KNOT_CODE_SERVER_PORT',
  'agent.port.vnc_http': 'KNOT_VNC_HTTP_PORT',
  'agent.syslog_port': 'KNOT_SYSLOG_PORT',
  'agent.api_port': 'KNOT_LOGS_PORT',
  'agent.vscode_tunnel': 'KNOT_VSCODE_TUNNEL',
  'resolver.nameservers': 'KNOT_NAMESERVERS',
};

/** What a knot.yaml says of the agent, as its environment would, and what is said of that. Throws `config.invalid`. */
export function agentFile(
  world: ConfigWorld,
  file: string | undefined,
): { readonly env: Readonly<Record<string, string>>; readonly warnings: readonly string[] } {
  const named = file ?? world.env['KNOT_CONFIG'];
  // what the environment itself says is read by the agent, each in its own form
  const { values, warnings } = loadConfig({ purpose: 'agent', world: { ...world, env: { KNOT_CONFIG: named } } });
  const given = Object.entries(READ).flatMap(([key, name]): [string, string][] => {
    const found = values.get(requireKey(key).path);
    if (found?.origin.kind !== 'file') return [];
    return [[name, [found.value].flat().map(String).join(' ')]];
  });
  return { env: Object.fromEntries(given), warnings };
}
