import { formatListenAddress, isLoopbackHost, type ListenAddress } from '../listen-address.js';
import { problem, warning, type ConfigRule } from './config-rule.js';

const schemeAgainstTls: ConfigRule = ({ config: { server }, draft }) => {
  const { scheme } = server.listen;
  if (scheme === undefined || (scheme === 'https') === server.tls.useTls) return [];
  const origin = draft.isGiven('server.tls.use_tls') ? 'server.tls.use_tls' : 'server.listen';
  const found = `server.listen begins with ${scheme}://, but server.tls.use_tls is ${server.tls.useTls}`;
  return [problem(origin, found, 'the two must agree; leave one of them out')];
};

const plaintextOffLoopback: ConfigRule = ({ config: { server }, draft }) => {
  if (server.tls.useTls || server.allowPlaintext || isLoopbackHost(server.listen.host)) return [];
  const key = draft.isGiven('server.listen') ? 'server.listen' : 'server.tls.use_tls';
  const found = `${formatListenAddress(server.listen)} without TLS is open to other machines`;
  return [problem(key, found, 'https://, a loopback address, or server.allow_plaintext: true behind a proxy with TLS')];
};

function pairRule(certKey: string, keyKey: string): ConfigRule {
  return ({ draft }) => {
    const hasCert = draft.get(certKey) !== undefined;
    if (hasCert === (draft.get(keyKey) !== undefined)) return [];
    return [
      problem(hasCert ? certKey : keyKey, `${hasCert ? keyKey : certKey} is missing beside it`, 'both, or neither'),
    ];
  };
}

const filesWithoutTls: ConfigRule = ({ config: { server } }) =>
  server.tls.useTls || server.tls.certFile === undefined
    ? []
    : [warning('server.tls.cert_file', 'it is not used, because TLS is off')];

const onePortTwice: ConfigRule = ({ config: { server } }) => {
  const first = { key: 'server.listen', address: server.listen };
  const agents = { key: 'server.listen_agent', address: server.listenAgent };
  const tunnels = { key: 'server.listen_tunnel', address: server.listenTunnel };
  return [[first, agents] as const, [first, tunnels] as const, [agents, tunnels] as const].flatMap(([a, b]) =>
    collide(a.address, b.address) ? [problem(b.key, `it is the port of ${a.key} too`, 'a port of its own')] : [],
  );
};

function collide(a: ListenAddress | undefined, b: ListenAddress | undefined): boolean {
  if (a === undefined || b === undefined || a.port !== b.port || a.port === 0) return false;
  const all = ['', '0.0.0.0', '::'];
  return a.host === b.host || all.includes(a.host) || all.includes(b.host);
}

/** Cookies know no ports, and pages of one host are one site: knot's own is never that of apps. */
const appsHost: ConfigRule = ({ config: { server } }) => {
  const { appsUrl, wildcardDomain, url, mode, directUrl, originServer } = server;
  if (appsUrl === undefined) return [];
  const key = 'server.apps_url';
  if (mode === 'leaf' && directUrl === undefined) {
    return [warning(key, 'it is not used: people reach apps by the origin, as this leaf has no server.direct_url')];
  }
  if (wildcardDomain !== undefined) {
    return [problem(key, 'server.wildcard_domain is set too', 'one of them; the wildcard domain keeps apps apart')];
  }
  const { hostname } = new URL(appsUrl);
  const taken =
    mode === 'leaf'
      ? { 'server.direct_url': directUrl, 'server.origin_server': originServer?.replace(/^srv\+/, '') }
      : { 'server.url': url };
  return Object.entries(taken).flatMap(([other, address]) =>
    URL.parse(address ?? '')?.hostname === hostname
      ? [problem(key, `${hostname} is the host of ${other} too`, 'a host name of its own, whatever its port')]
      : [],
  );
};

const proxyAtOdds: ConfigRule = ({ config: { server } }) =>
  server.enableProxy !== server.disableProxy
    ? []
    : [
        problem(
          'server.enable_proxy',
          `server.enable_proxy and server.disable_proxy are both ${server.enableProxy}`,
          'one of them: they say the same the other way round',
        ),
      ];

const skipVerify: ConfigRule = ({ config }) =>
  config.tlsSkipVerify
    ? [warning('tls_skip_verify', 'certificates of others are not checked; agents and leaves check them all the same')]
    : [];

export const LISTEN_RULES = [
  schemeAgainstTls,
  plaintextOffLoopback,
  pairRule('server.tls.cert_file', 'server.tls.key_file'),
  pairRule('server.nomad.cert_file', 'server.nomad.key_file'),
  filesWithoutTls,
  onePortTwice,
  appsHost,
  proxyAtOdds,
  skipVerify,
];
