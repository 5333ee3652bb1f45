import { BOOLEAN, INTEGER, LIST, LISTEN, PATH, SECRET, STRING, key } from './key-spec.js';

const NO_USE = 'it has no use here; take the line out';
const NO_SSH_PORT = 'SSH has no port in the space: `knot ssh-config update` on your own machine leads there';

/** Keys of the agent inside a space. */
export const AGENT_KEYS = [
  key('agent.endpoint', STRING, 'address of the server for agents, host:port or srv+name', {
    env: 'AGENT_ENDPOINT',
    flag: 'endpoint',
  }),
  key('agent.space_id', STRING, 'id of the space', { env: 'SPACEID' }),
  key('agent.port.code_server', INTEGER, 'port of code-server; 0: none', {
    fallback: '49374',
    env: 'CODE_SERVER_PORT',
    flag: 'code-server-port',
  }),
  key('agent.port.ssh', INTEGER, 'port of the SSH server; 0: none', {
    fallback: '22',
    env: 'SSH_PORT',
    flag: 'ssh-port',
    useless: NO_SSH_PORT,
  }),
  key('agent.port.tcp_port', LIST, 'TCP ports to offer: port or port=label', { env: 'TCP_PORT', flag: 'tcp-port' }),
  key('agent.port.http_port', LIST, 'HTTP ports to offer: port or port=label', { env: 'HTTP_PORT', flag: 'http-port' }),
  key('agent.port.https_port', LIST, 'HTTPS ports to offer: port or port=label', {
    env: 'HTTPS_PORT',
    flag: 'https-port',
  }),
  key('agent.port.vnc_http', INTEGER, 'port of a desktop by VNC over HTTP; 0: none', {
    fallback: '0',
    env: 'VNC_HTTP_PORT',
    flag: 'vnc-http-port',
  }),
  key('agent.update_authorized_keys', BOOLEAN, "keep ~/.ssh/authorized_keys at the user's keys", {
    fallback: 'true',
    useless: NO_SSH_PORT,
  }),
  key('agent.service_password', SECRET, 'password of services in the space', { useless: NO_USE }),
  key('agent.vscode_tunnel', STRING, 'run the tunnel of VS Code; empty or off: do not', {
    fallback: '',
    keepsEmpty: true,
  }),
  key('agent.advertise_addr', STRING, 'address that others reach the space at', {
    fallbackNote: 'none: the agent dials its leaf',
    useless: NO_USE,
  }),
  key('agent.syslog_port', INTEGER, 'UDP port of syslog on loopback; 0: none', { fallback: '514' }),
  key('agent.api_port', INTEGER, 'port of the API inside the space; 0: none', {
    fallback: '12201',
    env: ['API_PORT', 'LOGS_PORT'],
  }),
  key('agent.tls.use_tls', BOOLEAN, 'a switch of an older program', {
    fallback: 'true',
    env: 'USE_TLS',
    flag: 'use-tls',
    useless: 'agents always use TLS; take the line out',
  }),
  key('agent.tls.cert_file', PATH, 'of an older program', { env: 'CERT_FILE', flag: 'cert-file', useless: NO_USE }),
  key('agent.tls.key_file', PATH, 'of an older program', { env: 'KEY_FILE', flag: 'key-file', useless: NO_USE }),
  key('agent.dns.listen', LISTEN, 'address of a caching DNS forwarder; off when empty', { useless: NO_USE }),
  key('agent.dns.refresh_max_age', INTEGER, 'seconds after which an unused name is no longer kept fresh', {
    fallback: '180',
    env: 'MAX_AGE',
    useless: NO_USE,
  }),
];
