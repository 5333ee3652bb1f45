import { isLoopbackHost } from '../listen-address.js';
import { SHORTEST_KEY } from '../sections/tests.js';
import { problem, warning, type ConfigRule } from './config-rule.js';

const leafNeedsToken: ConfigRule = ({ config: { server } }) => {
  if (server.originServer === undefined || server.sharedToken.length > 0) return [];
  const found = 'a leaf cannot join its origin without server.shared_token';
  return [problem('server.origin_server', found, "both, or neither; the token is the origin's server.shared_token")];
};

const plaintextToOrigin: ConfigRule = ({ config: { server } }) => {
  const [, host] = /^(?:srv\+)?http:\/\/(\[[^\]]*\]|[^:/]*)/.exec(server.originServer ?? '') ?? [];
  if (host === undefined || server.allowPlaintext || isLoopbackHost(host)) return [];
  const found = 'tokens would cross the network in clear over http://';
  return [problem('server.origin_server', found, 'https://, or server.allow_plaintext: true')];
};

const plaintextFromUsers: ConfigRule = ({ config: { server } }) => {
  const url = URL.parse(server.directUrl ?? '');
  if (url?.protocol !== 'http:' || server.allowPlaintext || isLoopbackHost(url.hostname)) return [];
  const found = 'what people type would cross the network in clear over http://';
  return [problem('server.direct_url', found, 'https://, or server.allow_plaintext: true')];
};

const onlyAtLeaf: ConfigRule = ({ config: { server }, draft }) => {
  if (server.mode === 'leaf') return [];
  const keys = [
    'server.origin_ca_file',
    'server.origin_fingerprint',
    'server.direct_url',
    'server.metrics_token',
  ].filter((key) => draft.isGiven(key));
  if (server.standby) keys.push('server.standby');
  return keys.map((key) => warning(key, 'it is used at a leaf only, and this server has no server.origin_server'));
};

const weakToken: ConfigRule = ({ config: { server } }) => {
  if (server.mode !== 'origin' || server.sharedToken.every((token) => token.length >= SHORTEST_KEY)) return [];
  return [warning('server.shared_token', 'a short one can be guessed; `knot gen-server-key` makes a good one')];
};

const ringWithoutKey: ConfigRule = ({ config: { server } }) => {
  if (server.encryptKeys.length === 0 || server.encrypt !== undefined) return [];
  const found = 'there are earlier keys, but no present one to write with';
  return [problem('server.encrypt_keys', found, 'server.encrypt beside it')];
};

export const CLUSTER_RULES = [
  leafNeedsToken,
  plaintextToOrigin,
  plaintextFromUsers,
  onlyAtLeaf,
  weakToken,
  ringWithoutKey,
];
