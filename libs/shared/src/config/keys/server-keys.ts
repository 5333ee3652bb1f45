import { BOOLEAN, INTEGER, LIST, LISTEN, PATH, SECRET, SECRETS, STRING, key, url } from './key-spec.js';

const NO_TUNNELS = 'tunnels do not work yet';
const NO_USE = 'it has no use here; take the line out';

/** Keys of the server itself: addresses, cluster, secrets, switches. */
export const SERVER_KEYS = [
  key('server.listen', LISTEN, 'web, API, WebSocket and gRPC of leaves, on this one port', {
    fallback: ':3000',
    shortFlag: '-l',
  }),
  key('server.url', url('http', 'https'), 'the address that users reach this server at', {
    fallbackNote: 'this machine, by the port of listen',
    shortFlag: '-u',
  }),
  key(
    'server.direct_url',
    url('http', 'https'),
    'where users reach this leaf themselves; by its origin only when empty',
  ),
  key('server.internal_url', url('http', 'https'), 'where other origins on the same store reach this one', {
    fallbackNote: 'the host name and the port of server.listen',
  }),
  key('server.listen_agent', LISTEN, 'where agents of spaces connect; none do when empty'),
  key('server.agent_endpoint', STRING, 'what agents dial, host:port; srv+name means an SRV look-up', {
    fallbackNote: 'the host of url with the port of listen_agent',
  }),
  key('server.listen_tunnel', LISTEN, 'public listener of tunnels; off when empty', { pending: NO_TUNNELS }),
  key('server.tunnel_domain', STRING, 'tunnels are <user>--<name> under this domain', { pending: NO_TUNNELS }),
  key('server.wildcard_domain', STRING, 'web ports of spaces: <user>--<space>--<port> under it; starts with *.'),
  key(
    'server.apps_url',
    url('http', 'https'),
    'web ports of spaces as paths of one host of their own, where no wildcard name can be had',
  ),
  key('server.location', STRING, 'unique name of this location', { fallbackNote: '$NOMAD_DC, else the host name' }),
  key('server.origin_server', url('http', 'https', 'srv+http', 'srv+https'), 'the origin; makes this server a leaf'),
  key('server.shared_token', SECRETS, 'lets leaves in at an origin, and a leaf into its origin; several: rotation'),
  key('server.enable_leaf_api_tokens', BOOLEAN, 'accept restricted leaves, which come with a token of a user', {
    fallback: 'false',
    pending: 'restricted leaves are not let in yet',
  }),
  key('server.origin_ca_file', PATH, "certificates a leaf trusts beside the system's, for its origin"),
  key('server.origin_fingerprint', STRING, 'SHA-256 of the one certificate of the origin that a leaf accepts'),
  key('server.metrics_token', SECRET, 'what lets other machines read /metrics and /health of this leaf'),
  key('server.standby', BOOLEAN, 'a second leaf of a location waits until the first one is gone', {
    fallback: 'false',
  }),
  key('server.allow_plaintext', BOOLEAN, 'allow http:// to and from other machines', { fallback: 'false' }),
  key('server.trusted_proxies', LIST, 'addresses or networks whose X-Forwarded headers count'),
  key('server.data_path', PATH, 'all that the server keeps: embedded stores, keys, certificates', {
    fallbackNote: '/var/lib/knot as root, else ~/.local/share/knot',
  }),
  key('server.encrypt', SECRET, 'key of protected variables, 16 characters or more; `knot genkey` makes one'),
  key('server.encrypt_keys', SECRETS, 'earlier values of encrypt, still good for reading'),
  key('server.timezone', STRING, 'IANA time zone of schedules', { fallbackNote: "the system's" }),
  key('server.disable_proxy', BOOLEAN, 'no port and service proxy at all', { fallback: 'false' }),
  key('server.enable_proxy', BOOLEAN, 'the same the other way round', {
    fallbackNote: 'the opposite of disable_proxy',
  }),
  key('server.proxy_allow', LIST, 'what `knot proxy` reaches from this server, as db.internal:5432 or 10.1.0.0/16:*'),
  key('server.disable_space_create', BOOLEAN, 'nobody creates spaces at this location', { fallback: 'false' }),
  key('server.audit_retention', INTEGER, 'days that audit entries are kept; 0 keeps none', { fallback: '90' }),
  key('server.backup_max_age', INTEGER, 'days without knot admin backup that are no harm; 0 asks for none', {
    fallback: '7',
  }),
  key('server.terminal.webgl', BOOLEAN, 'draw web terminals by WebGL', {
    fallback: 'true',
    env: 'WEBGL',
  }),
  key('server.download_path', PATH, 'a folder whose files are served at /download/, to anybody, before those of knot'),
  key('server.html_path', PATH, 'web pages of an older program', { useless: NO_USE }),
  key('server.template_path', PATH, 'page templates of an older program', { useless: NO_USE }),
  key('server.agent_path', PATH, 'agents of an older program', { useless: NO_USE }),
  key('server.ui.hide_support_links', BOOLEAN, 'no links to help in the menu', {
    fallback: 'false',
    env: 'HIDE_SUPPORT_LINKS',
    flag: 'hide-support-links',
  }),
  key('server.ui.hide_api_tokens', BOOLEAN, 'no API tokens in the menu', {
    fallback: 'false',
    env: 'HIDE_API_TOKENS',
    flag: 'hide-api-tokens',
  }),
  key('server.totp.enabled', BOOLEAN, 'ask for a one-time code at sign-in', {
    fallback: 'false',
    env: 'ENABLE_TOTP',
    flag: 'enable-totp',
  }),
  key('server.totp.window', INTEGER, 'how many steps of 30 s a code may be off', { fallback: '1' }),
  key('server.totp.issuer', STRING, 'the name that authenticator apps show', { fallback: 'Knot' }),
  key(
    'server.oidc.issuer',
    url('https', 'http'),
    'OpenID provider that people may sign in with, as https://id.example.com',
  ),
  key('server.oidc.client_id', STRING, 'name of this server at the provider'),
  key('server.oidc.client_secret', SECRET, 'its secret at the provider'),
  key('server.oidc.name', STRING, 'what people read on the button', { fallback: 'OpenID' }),
  key('server.oidc.groups_claim', STRING, 'claim that names the groups of a person', { fallback: 'groups' }),
  key('server.oidc.create_users', BOOLEAN, 'make a user for whoever the provider lets in', { fallback: 'true' }),
  key('server.oidc.passwords', BOOLEAN, 'passwords of this server let people in too', { fallback: 'true' }),
  key('server.dns.enabled', BOOLEAN, 'answer DNS queries for spaces', {
    fallback: 'false',
    env: 'ENABLE_DNS',
    flag: 'enable-dns',
    pending: 'DNS queries are not answered yet',
  }),
  key('server.dns.listen', LISTEN, 'address of the DNS server', { fallback: ':8600' }),
  key('server.dns.domain', STRING, 'spaces are <user>--<space> under this domain', { fallback: 'knot.internal' }),
  key('server.dns.ttl', INTEGER, 'seconds that an answer may be kept', { fallback: '10' }),
  key('server.tls.use_tls', BOOLEAN, 'serve https', {
    fallback: 'true',
    fallbackNote: 'false when listen is http://',
    env: 'USE_TLS',
    flag: 'use-tls',
  }),
  key('server.tls.cert_file', PATH, 'certificate; without one the server makes its own', {
    env: 'CERT_FILE',
    flag: 'cert-file',
  }),
  key('server.tls.key_file', PATH, 'private key of the certificate', { env: 'KEY_FILE', flag: 'key-file' }),
  key('server.tls.agent_use_tls', BOOLEAN, 'a switch of an older program', {
    fallback: 'true',
    env: 'AGENT_USE_TLS',
    flag: 'agent-use-tls',
    useless: 'agents always use TLS; take the line out',
  }),
];
