import { describe, expect, it } from 'vitest';
import { describeConfig } from '../describe-config.js';
import { loadConfig } from '../load-config.js';
import { fakeWorld } from '../testing/fake-world.js';
import { CONFIG_KEYS, findKey, isSecretKey, keysFor } from './config-keys.js';
import type { ConfigPurpose } from './key-spec.js';

// The keys, defaults and names that files, units and images in the wild rely on, written down apart from the table.
// Columns: key, effective default, environment name, flag.
const RELIED_ON = `
log.level "info" KNOT_LOGLEVEL --log-level
legacy false KNOT_LEGACY --legacy
tls_skip_verify false KNOT_TLS_SKIP_VERIFY --tls-skip-verify
resolver.nameservers [] KNOT_NAMESERVERS --nameserver
resolver.domains {} - -
resolver.consul [] - -
server.listen ":3000" KNOT_LISTEN --listen
server.url "https://127.0.0.1:3000" KNOT_URL --url
server.internal_url "https://box.example.com:3000" KNOT_INTERNAL_URL --internal-url
server.listen_agent null KNOT_LISTEN_AGENT --listen-agent
server.listen_tunnel null KNOT_LISTEN_TUNNEL --listen-tunnel
server.tunnel_domain null KNOT_TUNNEL_DOMAIN --tunnel-domain
server.wildcard_domain null KNOT_WILDCARD_DOMAIN --wildcard-domain
server.agent_endpoint null KNOT_AGENT_ENDPOINT --agent-endpoint
server.location "box" KNOT_LOCATION --location
server.origin_server null KNOT_ORIGIN_SERVER --origin-server
server.shared_token [] KNOT_SHARED_TOKEN --shared-token
server.enable_leaf_api_tokens false KNOT_ENABLE_LEAF_API_TOKENS --enable-leaf-api-tokens
server.encrypt null KNOT_ENCRYPT --encrypt
server.timezone "Europe/Berlin" KNOT_TIMEZONE --timezone
server.disable_proxy false KNOT_DISABLE_PROXY --disable-proxy
server.enable_proxy true KNOT_ENABLE_PROXY --enable-proxy
server.disable_space_create false KNOT_DISABLE_SPACE_CREATE --disable-space-create
server.audit_retention 90 KNOT_AUDIT_RETENTION --audit-retention
server.backup_max_age 7 KNOT_BACKUP_MAX_AGE --backup-max-age
server.terminal.webgl true KNOT_WEBGL --terminal-webgl
server.download_path null KNOT_DOWNLOAD_PATH --download-path
server.html_path null KNOT_HTML_PATH --html-path
server.template_path null KNOT_TEMPLATE_PATH --template-path
server.agent_path null KNOT_AGENT_PATH --agent-path
server.ui.hide_support_links false KNOT_HIDE_SUPPORT_LINKS --hide-support-links
server.ui.hide_api_tokens false KNOT_HIDE_API_TOKENS --hide-api-tokens
server.totp.enabled false KNOT_ENABLE_TOTP --enable-totp
server.totp.window 1 KNOT_TOTP_WINDOW --totp-window
server.totp.issuer "Knot" KNOT_TOTP_ISSUER --totp-issuer
server.oidc.issuer null KNOT_OIDC_ISSUER --oidc-issuer
server.oidc.client_id null KNOT_OIDC_CLIENT_ID --oidc-client-id
server.oidc.client_secret null KNOT_OIDC_CLIENT_SECRET --oidc-client-secret
server.oidc.name "OpenID" KNOT_OIDC_NAME --oidc-name
server.oidc.groups_claim "groups" KNOT_OIDC_GROUPS_CLAIM --oidc-groups-claim
server.oidc.create_users true KNOT_OIDC_CREATE_USERS --oidc-create-users
server.oidc.passwords true KNOT_OIDC_PASSWORDS --oidc-passwords
server.dns.enabled false KNOT_ENABLE_DNS --enable-dns
server.dns.listen ":8600" KNOT_DNS_LISTEN --dns-listen
server.dns.domain "knot.internal" KNOT_DNS_DOMAIN --dns-domain
server.dns.ttl 10 KNOT_DNS_TTL --dns-ttl
server.tls.use_tls true KNOT_USE_TLS --use-tls
server.tls.cert_file null KNOT_CERT_FILE --cert-file
server.tls.key_file null KNOT_KEY_FILE --key-file
server.tls.agent_use_tls true KNOT_AGENT_USE_TLS --agent-use-tls
server.nomad.addr "http://127.0.0.1:4646" KNOT_NOMAD_ADDR --nomad-addr
server.nomad.token null KNOT_NOMAD_TOKEN --nomad-token
server.nomad.namespace "default" KNOT_NOMAD_NAMESPACE --nomad-namespace
server.nomad.region null KNOT_NOMAD_REGION --nomad-region
server.mysql.enabled false KNOT_MYSQL_ENABLED --mysql-enabled
server.mysql.host "localhost" KNOT_MYSQL_HOST --mysql-host
server.mysql.port 3306 KNOT_MYSQL_PORT --mysql-port
server.mysql.user "root" KNOT_MYSQL_USER --mysql-user
server.mysql.password null KNOT_MYSQL_PASSWORD --mysql-password
server.mysql.database "knot" KNOT_MYSQL_DATABASE --mysql-database
server.mysql.connection_max_idle 10 KNOT_MYSQL_CONNECTION_MAX_IDLE --mysql-connection-max-idle
server.mysql.connection_max_open 100 KNOT_MYSQL_CONNECTION_MAX_OPEN --mysql-connection-max-open
server.mysql.connection_max_lifetime 5 KNOT_MYSQL_CONNECTION_MAX_LIFETIME --mysql-connection-max-lifetime
server.mysql.use_tls false KNOT_MYSQL_USE_TLS --mysql-use-tls
server.mysql.ca_file null KNOT_MYSQL_CA_FILE --mysql-ca-file
server.badgerdb.enabled false KNOT_BADGERDB_ENABLED --badgerdb-enabled
server.badgerdb.path "/work/badger" KNOT_BADGERDB_PATH --badgerdb-path
server.sqlite.enabled false KNOT_SQLITE_ENABLED --sqlite-enabled
server.sqlite.path "/home/ann/.local/share/knot" KNOT_SQLITE_PATH --sqlite-path
server.redis.enabled false KNOT_REDIS_ENABLED --redis-enabled
server.redis.hosts ["localhost:6379"] KNOT_REDIS_HOSTS --redis-hosts
server.redis.password null KNOT_REDIS_PASSWORD --redis-password
server.redis.db 0 KNOT_REDIS_DB --redis-db
server.redis.master_name null KNOT_REDIS_MASTER_NAME --redis-master-name
server.redis.key_prefix null KNOT_REDIS_KEY_PREFIX --redis-key-prefix
server.redis.accept_data_loss false KNOT_REDIS_ACCEPT_DATA_LOSS --redis-accept-data-loss
server.memorydb.enabled false KNOT_MEMORYDB_ENABLED --memorydb-enabled
server.kubernetes.enabled false KNOT_KUBERNETES_ENABLED --kubernetes-enabled
server.kubernetes.kubeconfig null KNOT_KUBERNETES_KUBECONFIG --kubernetes-kubeconfig
server.kubernetes.context null KNOT_KUBERNETES_CONTEXT --kubernetes-context
server.kubernetes.namespace "knot" KNOT_KUBERNETES_NAMESPACE --kubernetes-namespace
server.docker.enabled false KNOT_DOCKER_ENABLED --docker-enabled
server.docker.host "unix:///var/run/docker.sock" KNOT_DOCKER_HOST --docker-host
server.local.enabled false KNOT_LOCAL_ENABLED --local-enabled
server.local.path "/home/ann/.local/share/knot/local" KNOT_LOCAL_PATH --local-path
server.local.users "admin" KNOT_LOCAL_USERS --local-users
server.data_path "/home/ann/.local/share/knot" KNOT_DATA_PATH --data-path
server.origin_ca_file null KNOT_ORIGIN_CA_FILE --origin-ca-file
server.origin_fingerprint null KNOT_ORIGIN_FINGERPRINT --origin-fingerprint
server.allow_plaintext false KNOT_ALLOW_PLAINTEXT --allow-plaintext
server.trusted_proxies [] KNOT_TRUSTED_PROXIES --trusted-proxies
server.standby false KNOT_STANDBY --standby
server.encrypt_keys [] KNOT_ENCRYPT_KEYS --encrypt-keys
agent.endpoint null KNOT_AGENT_ENDPOINT --endpoint
agent.space_id null KNOT_SPACEID --space-id
agent.port.code_server 49374 KNOT_CODE_SERVER_PORT --code-server-port
agent.port.ssh 22 KNOT_SSH_PORT --ssh-port
agent.port.tcp_port [] KNOT_TCP_PORT --tcp-port
agent.port.http_port [] KNOT_HTTP_PORT --http-port
agent.port.https_port [] KNOT_HTTPS_PORT --https-port
agent.port.vnc_http 0 KNOT_VNC_HTTP_PORT --vnc-http-port
agent.update_authorized_keys true KNOT_UPDATE_AUTHORIZED_KEYS --update-authorized-keys
agent.service_password null KNOT_SERVICE_PASSWORD --service-password
agent.vscode_tunnel "" KNOT_VSCODE_TUNNEL --vscode-tunnel
agent.advertise_addr null KNOT_ADVERTISE_ADDR --advertise-addr
agent.syslog_port 514 KNOT_SYSLOG_PORT --syslog-port
agent.api_port 12201 KNOT_API_PORT --api-port
agent.dns.listen null KNOT_DNS_LISTEN --dns-listen
agent.dns.refresh_max_age 180 KNOT_MAX_AGE --dns-refresh-max-age
agent.tls.use_tls true KNOT_USE_TLS --use-tls
client.server null KNOT_SERVER --server
client.token null KNOT_TOKEN --token
`;

const rows = RELIED_ON.trim()
  .split('\n')
  .map((line) => line.split(' '));

function purposeOf(key: string): ConfigPurpose {
  const scope = findKey(key)?.scope;
  return scope === undefined || scope === 'global' ? 'server' : scope;
}

describe('the table of keys', () => {
  it.each(rows)('%s is %s unless given, by %s and %s', (key = '', value = '', env, flag) => {
    const purpose = purposeOf(key);
    const loaded = loadConfig({ purpose, world: fakeWorld() });
    const row = describeConfig(loaded.values, purpose).find((candidate) => candidate.key === key);
    expect(row?.value).toEqual(JSON.parse(value));
    expect([row?.env ?? '-', row?.flag ?? '-']).toEqual([env, flag]);
  });

  it('has every secret as a file too', () => {
    for (const spec of CONFIG_KEYS.filter(isSecretKey)) {
      const file = findKey(`${spec.path}_file`);
      expect(file?.env).toEqual([`${spec.env[0]}_FILE`]);
      expect(file?.flag).toBe(`${spec.flag}-file`);
    }
  });

  it.each(['server', 'agent', 'client'] as const)('gives no name twice to the keys of the %s', (purpose) => {
    const specs = keysFor(purpose);
    for (const names of [
      specs.map(({ path }) => path),
      specs.flatMap(({ env }) => env),
      specs.flatMap(({ flag }) => flag ?? []),
      specs.flatMap(({ shortFlag }) => shortFlag ?? []),
    ]) {
      expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    }
  });

  it('keeps the short flags', () => {
    const short = CONFIG_KEYS.flatMap(({ path, shortFlag }) => (shortFlag ? `${shortFlag} ${path}` : []));
    expect(short.toSorted()).toEqual(['-l server.listen', '-s client.server', '-t client.token', '-u server.url']);
  });
});
