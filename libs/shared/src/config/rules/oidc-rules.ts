import { problem, type ConfigRule } from './config-rule.js';

/** A provider is named with what this server is there, and only then may it be the one way in. */
const wholeProvider: ConfigRule = ({ config: { server } }) => {
  const { issuer, clientId, passwords } = server.oidc;
  if (issuer === undefined) {
    return passwords ? [] : [problem('server.oidc.passwords', 'nobody could sign in', 'true, or server.oidc.issuer')];
  }
  const loopback = /^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|$)/.test(issuer);
  if (!issuer.startsWith('https:') && !loopback) {
    return [
      problem('server.oidc.issuer', 'secrets would go over an open line', 'an address that begins with https://'),
    ];
  }
  if (clientId !== undefined) return [];
  return [problem('server.oidc.client_id', 'the provider has to know who asks', 'the name of this server there')];
};

export const OIDC_RULES = [wholeProvider];
