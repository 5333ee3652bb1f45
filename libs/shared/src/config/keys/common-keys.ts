import { BOOLEAN, DOMAINS, LIST, choice, key } from './key-spec.js';

/** Keys that server, agent and client share. */
export const COMMON_KEYS = [
  key('log.level', choice('debug', 'info', 'warn', 'error'), 'how much is logged: debug, info, warn or error', {
    fallback: 'info',
    env: 'LOGLEVEL',
  }),
  key('legacy', BOOLEAN, 'a switch of an older program', {
    fallback: 'false',
    useless: 'it has no use here; take the line out',
  }),
  key('tls_skip_verify', BOOLEAN, 'take any certificate, a server from Nomad, the command line from its server', {
    fallback: 'false',
  }),
  key('resolver.nameservers', LIST, 'name servers for SRV look-ups, host or host:port', {
    fallbackNote: "the system's",
    env: 'NAMESERVERS',
    flag: 'nameserver',
  }),
  key('resolver.domains', DOMAINS, 'name servers by suffix: consul: [192.168.0.4:8600]', { env: null, flag: null }),
  key('resolver.consul', LIST, 'name servers for names under .consul, as resolver.domains.consul', {
    env: null,
    flag: null,
  }),
];
