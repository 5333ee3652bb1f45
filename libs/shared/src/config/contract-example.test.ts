import { expect, it } from 'vitest';
import { loadConfig } from './load-config.js';
import { fakeWorld } from './testing/fake-world.js';

// The knot.yaml that the product promises to take, key by key.
const EXAMPLE = `
server:
  listen: http://127.0.0.1:3000
  listen_agent: 0.0.0.0:3010
  agent_endpoint: "srv+knot-server-agent.service.consul"
  wildcard_domain: '*.example.com'
  disable_proxy: false
  terminal: { webgl: true }
  encrypt: VF9hmdXZyzNF3rcP6M0P
  location: myservers
  shared_token: secret
  enable_leaf_api_tokens: true
  origin_server: https://knot-origin.example.com:3000
  mysql:    { enabled: false, host: localhost, port: 3306, user: root, password: "", database: knot }
  badgerdb: { enabled: false, path: ./badgerdb/ }
  redis:    { enabled: false, hosts: [localhost:6379], password: "", db: 0 }
  memorydb: { enabled: false }
  nomad:    { addr: http://127.0.0.1:4646, token: "" }
  kubernetes: { enabled: false, kubeconfig: "", context: "", namespace: knot }
  docker:   { enabled: false, host: unix:///var/run/docker.sock }
  local:    { enabled: false, path: "", users: admin }
resolver:
  consul: [192.168.0.4:8600]
  nameservers: [192.168.0.2:53]
log: { level: info }
`;

it('takes the whole example of the product, as a leaf', () => {
  const { config, warnings, notices } = loadConfig({ world: fakeWorld({ '/work/knot.yaml': EXAMPLE }) });
  expect(config.server).toMatchObject({ mode: 'leaf', location: 'myservers', tls: { useTls: false } });
  expect(config.server.local.path).toBe('/home/ann/.local/share/knot/local');
  expect(config.resolver).toEqual({ nameservers: ['192.168.0.2:53'], domains: { consul: ['192.168.0.4:8600'] } });
  expect(warnings).toEqual([]);
  expect(notices.map((notice) => notice.split(':')[0])).toEqual(['server.enable_leaf_api_tokens']);
});

it('takes the same as an origin, without origin_server', () => {
  const text = EXAMPLE.replace(/ +origin_server.*\n/, '');
  const { config, warnings } = loadConfig({ world: fakeWorld({ '/work/knot.yaml': text }) });
  expect(config.server.mode).toBe('origin');
  expect(warnings).toEqual([expect.stringContaining('can be guessed')]);
});
