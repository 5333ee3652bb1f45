import { randomText, type RandomSource } from '../../secrets/random-text.js';
import { renderScaffold, type ScaffoldEntry } from './render-scaffold.js';

const entry = (key: string, value: string): ScaffoldEntry => ({ key, value });
const example = (key: string, value: string): ScaffoldEntry => ({ key, value, example: true });

const STORES_AND_PLATFORMS: readonly ScaffoldEntry[] = [
  entry('server.mysql.enabled', 'false'),
  example('server.mysql.host', 'localhost'),
  example('server.mysql.port', '3306'),
  example('server.mysql.user', 'root'),
  example('server.mysql.password_file', './mysql-password'),
  example('server.mysql.database', 'knot'),
  entry('server.badgerdb.enabled', 'false'),
  entry('server.badgerdb.path', './badgerdb/'),
  entry('server.redis.enabled', 'false'),
  example('server.redis.hosts', '[localhost:6379]'),
  example('server.redis.password_file', './redis-password'),
  example('server.nomad.enabled', 'false'),
  entry('server.nomad.addr', 'http://127.0.0.1:4646'),
  entry('server.nomad.token', '""'),
  example('server.nomad.namespace', 'default'),
  entry('server.kubernetes.enabled', 'false'),
  entry('server.docker.enabled', 'false'),
  entry('server.local.enabled', 'false'),
];

/** knot.yaml of a server, with a key of its own for protected variables. */
export function serverScaffold(random: RandomSource): string {
  const title = [
    'knot.yaml of a server. `knot config check` says whether it is right, `knot config show` what is in effect.',
    '',
    'One server alone: leave location, shared_token and origin_server empty.',
    'Origin of a cluster: set location and shared_token.',
    'Leaf of a cluster: set location, shared_token (as at the origin) and origin_server.',
  ];
  return renderScaffold(title, [
    entry('log.level', 'info'),
    example('resolver.nameservers', '[192.168.0.2:53]'),
    example('resolver.consul', '[192.168.0.4:8600]'),
    entry('server.listen', 'http://127.0.0.1:3000'),
    entry('server.url', '""'),
    entry('server.location', '""'),
    entry('server.shared_token', '""'),
    entry('server.origin_server', '""'),
    example('server.origin_fingerprint', '""'),
    example('server.enable_leaf_api_tokens', 'false'),
    entry('server.data_path', './knot-data/'),
    entry('server.encrypt', randomText(32, random)),
    example('server.encrypt_keys', '[]'),
    example('server.timezone', 'Europe/Berlin'),
    entry('server.audit_retention', '90'),
    example('server.backup_max_age', '7'),
    example('server.listen_agent', '0.0.0.0:3010'),
    example('server.agent_endpoint', '"srv+knot-server-agent.service.consul"'),
    example('server.wildcard_domain', "'*.example.com'"),
    example('server.disable_proxy', 'false'),
    example('server.allow_plaintext', 'false'),
    example('server.trusted_proxies', '[10.0.0.0/8]'),
    example('server.terminal.webgl', 'true'),
    example('server.tls.cert_file', './knot.crt'),
    example('server.tls.key_file', './knot.key'),
    ...STORES_AND_PLATFORMS,
  ]);
}

/** knot.yaml of `knot agent`; what a space joins with is in its environment alone. */
export function agentScaffold(): string {
  return renderScaffold(
    ['knot.yaml of `knot agent`: what a space offers. What it joins with, knot puts into its environment.'],
    [
      example('agent.endpoint', 'srv+knot-server-agent.service.consul'),
      example('agent.space_id', '01a22905-afe1-7000-9727-5e588128948e'),
      example('agent.vscode_tunnel', 'on'),
      entry('agent.syslog_port', '514'),
      entry('agent.api_port', '12201'),
      entry('agent.port.code_server', '49374'),
      entry('agent.port.vnc_http', '0'),
      example('agent.port.tcp_port', '[5432=Postgres]'),
      example('agent.port.http_port', '[80=Web, 8080]'),
      example('agent.port.https_port', '[443]'),
    ],
  );
}

/** knot.yaml of the command line. */
export function clientScaffold(): string {
  return renderScaffold(
    ['knot.yaml of the command line, for your home folder. `knot connect` writes these for you.'],
    [entry('log.level', 'info'), entry('client.server', '""'), entry('client.token', '""')],
  );
}
