import { describe, expect, it } from 'vitest';
import { KnotError } from '../../errors/index.js';
import { loadConfig } from '../load-config.js';
import { fakeWorld } from '../testing/fake-world.js';

const FILE = '/work/knot.yaml';
const LEAF = 'origin_server: https://o.example:3000, shared_token: abcdefghijklmnop';

function outcome(server: string, files: Record<string, string> = {}): { wrong: string[]; warnings: readonly string[] } {
  try {
    const loaded = loadConfig({ world: fakeWorld({ ...files, [FILE]: `server: { ${server} }` }) });
    return { wrong: [], warnings: loaded.warnings };
  } catch (error) {
    if (!(error instanceof KnotError)) throw error;
    return { wrong: error.message.split('\n').slice(1), warnings: [] };
  }
}

describe('combinations', () => {
  it.each([
    ['origin_server: https://o.example', 'without server.shared_token'],
    ['origin_server: http://o.example, shared_token: abcdefghijklmnop', 'in clear'],
    ['origin_server: srv+http://o.example, shared_token: abcdefghijklmnop', 'in clear'],
    ['listen: https://127.0.0.1:3000, tls: { use_tls: false }', 'begins with https://'],
    ['listen: http://127.0.0.1:3000, tls: { use_tls: true }', 'begins with http://'],
    ['listen: http://0.0.0.0:3000', 'open to other machines'],
    ['tls: { use_tls: false }', 'open to other machines'],
    ['tls: { cert_file: a.pem }', 'key_file is missing'],
    ['nomad: { key_file: a.pem }', 'cert_file is missing'],
    ['listen: :3010, listen_agent: :3010', 'it is the port of server.listen too'],
    ['listen_agent: :4000, listen_tunnel: 127.0.0.1:4000', 'it is the port of server.listen_agent too'],
    ['disable_proxy: true, enable_proxy: true', 'both true'],
    ['disable_proxy: false, enable_proxy: false', 'both false'],
    ['url: https://k.example:3000, apps_url: https://k.example:4000', 'k.example is the host of server.url too'],
    ['apps_url: https://a.example, wildcard_domain: "*.b.example"', 'server.wildcard_domain is set too'],
    [`${LEAF}, direct_url: https://l.example, apps_url: https://l.example:1`, 'the host of server.direct_url too'],
    [`${LEAF}, direct_url: https://l.example, apps_url: https://o.example:1`, 'the host of server.origin_server too'],
    ['encrypt_keys: [abcdefghijklmnop]', 'no present one'],
    ['mysql: { enabled: true, use_tls: true, host: 10.0.0.1 }', 'a certificate names no address'],
    ['redis: { enabled: true, hosts: [a:1, b:1], db: 2 }', 'are a Redis Cluster'],
    ['oidc: { issuer: https://id.example }', 'the provider has to know who asks'],
    ['oidc: { issuer: http://id.example, client_id: knot }', 'over an open line'],
    ['oidc: { passwords: false }', 'nobody could sign in'],
    ['docker: { enabled: true }', 'Docker are not built yet'],
    ['badgerdb: { enabled: true, path: a }, sqlite: { enabled: true, path: b }', 'the same store'],
  ])('%s is refused', (server, sentence) => {
    const { wrong } = outcome(server);
    expect(wrong).toHaveLength(1);
    expect(wrong[0]).toContain(sentence);
    expect(wrong[0]).toMatch(/allowed: \S/);
  });

  it.each([
    ['listen: http://localhost:3000'],
    ['listen: "http://[::1]:3000"'],
    ['listen: http://0.0.0.0:3000, allow_plaintext: true'],
    ['listen: 0.0.0.0:3000'],
    ['origin_server: http://127.0.0.1:3000, shared_token: abcdefghijklmnop'],
    ['origin_server: http://o.example, shared_token: abcdefghijklmnop, allow_plaintext: true'],
    ['origin_server: srv+https://o.example, shared_token: abcdefghijklmnop'],
    ['url: https://k.example, apps_url: https://apps.example/'],
    [`${LEAF}, direct_url: https://l.example, apps_url: https://apps.example`],
    ['disable_proxy: true, enable_proxy: false'],
    ['badgerdb: { enabled: true, path: a }, sqlite: { enabled: true, path: a }'],
    ['listen: :0, listen_agent: :0'],
    ['kubernetes: { enabled: true, namespace: spaces }'],
    ['redis: { enabled: true }'],
    ['redis: { enabled: true }, badgerdb: { enabled: true, path: a }'],
    ['redis: { enabled: true, hosts: [a:1, b:1], db: 2, master_name: knot }'],
    ['redis: { enabled: true, hosts: [srv+redis.service.consul], use_tls: true, ca_file: ca.pem }'],
  ])('%s is accepted', (server) => {
    expect(outcome(server)).toEqual({ wrong: [], warnings: [] });
  });

  it.each([
    [`${LEAF}, mysql: { enabled: true }`, 'not used at a leaf'],
    [`${LEAF}, redis: { enabled: true }`, 'not used at a leaf'],
    ['mysql: { enabled: true, ca_file: ca.pem }', 'TLS is off'],
    ['redis: { enabled: true, ca_file: ca.pem }', 'TLS is off'],
    ['mysql: { enabled: true }, sqlite: { enabled: true }', 'server.mysql is switched on'],
    ['origin_ca_file: ca.pem', 'at a leaf only'],
    ['standby: true', 'at a leaf only'],
    ['shared_token: secret', 'can be guessed'],
    ['listen: http://127.0.0.1:1, tls: { cert_file: a, key_file: b }', 'TLS is off'],
  ])('%s is warned about', (server, sentence) => {
    const { wrong, warnings } = outcome(server);
    expect(wrong).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining(sentence)]);
  });

  it.each(['MANIFEST', 'KEYREGISTRY', '000001.vlog'])(
    'a folder with the %s of a Badger database is refused',
    (name) => {
      const files = { [`/work/db/${name}`]: '' };
      const { wrong } = outcome('badgerdb: { enabled: true, path: db }', files);
      expect(wrong).toEqual([expect.stringContaining('Badger database of another program')]);
      expect(outcome('badgerdb: { enabled: false, path: db }', files).wrong).toEqual([]);
    },
  );
});

describe('what follows from the keys', () => {
  const server = (text: string) => loadConfig({ world: fakeWorld({ [FILE]: `server: { ${text} }` }) }).config.server;

  it('is the mode', () => {
    expect(server('').mode).toBe('standalone');
    expect(server('shared_token: abcdefghijklmnop').mode).toBe('origin');
    expect(server(LEAF).mode).toBe('leaf');
  });

  it('is the store: the embedded one that is on, else the data folder', () => {
    expect(server('data_path: d').store).toEqual({ kind: 'sqlite', path: '/work/d' });
    expect(server('data_path: d, mysql: { enabled: true }').store).toEqual({ kind: 'mysql', path: '/work/d' });
    expect(server('badgerdb: { enabled: true, path: b }').store.path).toBe('/work/b');
    expect(server('badgerdb: { enabled: true }').store.path).toBe('/work/badger');
    expect(server('data_path: d, sqlite: { enabled: true }').store.path).toBe('/work/d');
    expect(server('redis: { enabled: true }').store.kind).toBe('redis');
    expect(server('redis: { enabled: true }, badgerdb: { enabled: true }').store.kind).toBe('sqlite');
    expect(server(`${LEAF}, redis: { enabled: true }`).store.kind).toBe('sqlite');
    expect(server(`${LEAF}, data_path: d, mysql: { enabled: true }`).store.path).toBe('/work/d');
  });

  it('is TLS by the scheme of listen, and the address of the server', () => {
    const cases = ['listen: http://127.0.0.1:8080', 'listen: https://:8443', 'listen: 10.1.2.3:9000'];
    const seen = cases
      .map((text) => server(`${text}, listen_agent: :3010`))
      .map(({ tls, url, agentEndpoint }) => [tls.useTls, url, agentEndpoint]);
    expect(seen).toEqual([
      [false, 'http://127.0.0.1:8080', '127.0.0.1:3010'],
      [true, 'https://127.0.0.1:8443', '127.0.0.1:3010'],
      [true, 'https://10.1.2.3:9000', '10.1.2.3:3010'],
    ]);
  });

  it('is one proxy switch under two names', () => {
    const seen = ['', 'disable_proxy: true', 'enable_proxy: false', 'enable_proxy: true'].map(server);
    expect(seen.map(({ enableProxy }) => enableProxy)).toEqual([true, false, false, true]);
    expect(seen.map(({ disableProxy }) => disableProxy)).toEqual([false, true, true, false]);
  });

  it('is one form of each text', () => {
    const { redis, originFingerprint, wildcardDomain } = server(
      `${LEAF}, redis: { key_prefix: k }, origin_fingerprint: "SHA256:${'AB:'.repeat(31)}AB", wildcard_domain: "*.EX.Com"`,
    );
    expect([redis.keyPrefix, originFingerprint, wildcardDomain]).toEqual(['k:', 'ab'.repeat(32), '*.ex.com']);
    const yaml =
      'resolver: { nameservers: ["10.0.0.1", "::1"], consul: [10.0.0.2:8600], domains: { .Internal: 10.0.0.3 } }';
    const { resolver } = loadConfig({ world: fakeWorld({ [FILE]: yaml }) }).config;
    expect(resolver.nameservers).toEqual(['10.0.0.1:53', '[::1]:53']);
    expect(resolver.domains).toEqual({ consul: ['10.0.0.2:8600'], internal: ['10.0.0.3:53'] });
  });

  it('is one notice for each thing that does not work yet, and none for what is off or not given', () => {
    const yaml = `server:
  listen_agent: 0.0.0.0:3010
  agent_endpoint: srv+knot-agent.service.consul
  wildcard_domain: '*.example.com'
  tunnel_domain: tunnels.example.com
  dns: { enabled: false }
  listen_tunnel: ""
`;
    const { notices } = loadConfig({ world: fakeWorld({ [FILE]: yaml }) });
    expect(notices).toEqual([expect.stringMatching(/^server.tunnel_domain: .*do not work yet/)]);
    expect(loadConfig({ world: fakeWorld() }).notices).toEqual([]);
  });
});
