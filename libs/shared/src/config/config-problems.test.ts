import { describe, expect, it } from 'vitest';
import { KnotError } from '../errors/index.js';
import { loadConfig } from './load-config.js';
import { fakeWorld } from './testing/fake-world.js';

const FILE = '/work/knot.yaml';

function problemsOf(yaml: string, env: Record<string, string> = {}): Record<string, unknown>[] {
  try {
    loadConfig({ world: fakeWorld({ [FILE]: yaml }, { env }) });
  } catch (error) {
    if (error instanceof KnotError && Array.isArray(error.details['problems'])) return error.details['problems'];
    throw error;
  }
  return [];
}

describe('a wrong file', () => {
  it('gets all of its problems said at once, each with line, column, key, what is allowed and the nearest key', () => {
    const yaml = `log:
  level: loud
server:
  lisen: :3000
  mysql:
    port: "abc"
    enabled: maybe
  resolver: { nameservers: [x] }
nomad: { addr: http://x }
`;
    expect(problemsOf(yaml)).toMatchObject([
      {
        key: 'log.level',
        line: 2,
        column: 3,
        found: expect.stringContaining('"loud"'),
        allowed: 'debug, info, warn, error',
      },
      { key: 'server.lisen', line: 4, column: 3, nearest: 'server.listen' },
      {
        key: 'server.mysql.port',
        line: 6,
        column: 5,
        allowed: 'a whole number',
        found: expect.stringContaining('"abc"'),
      },
      { key: 'server.mysql.enabled', line: 7, column: 5, allowed: 'true or false' },
      { key: 'server.resolver', line: 8, column: 3, nearest: 'resolver' },
      { key: 'nomad', line: 9, column: 1, nearest: 'server.nomad' },
    ]);
  });

  it.each([
    ['server: { listen: "3000:http" }', 'server.listen', 'host:port'],
    ['server: { listen: ":70000" }', 'server.listen', '65535'],
    ['server: { url: ftp://x }', 'server.url', 'https://'],
    ['server: { wildcard_domain: example.com }', 'server.wildcard_domain', '*.'],
    ['server: { location: "a b" }', 'server.location', 'letters'],
    ['server: { timezone: CEST }', 'server.timezone', 'Europe/Berlin'],
    ['server: { encrypt: short }', 'server.encrypt', '16 characters'],
    ['server: { encrypt: abcdefghijklmnop, encrypt_keys: [short] }', 'server.encrypt_keys', '16 characters'],
    ['server: { audit_retention: -1 }', 'server.audit_retention', 'from 0'],
    ['server: { audit_retention: 1.5 }', 'server.audit_retention', 'a whole number'],
    ['server: { mysql: { port: 99999 } }', 'server.mysql.port', '65535'],
    ['server: { redis: { hosts: [] } }', 'server.redis.hosts', 'one or more'],
    ['server: { redis: { hosts: ["a b"] } }', 'server.redis.hosts', 'host:port'],
    ['server: { trusted_proxies: [10.0.0.0/33] }', 'server.trusted_proxies', '10.0.0.0/8'],
    ['server: { origin_fingerprint: abc }', 'server.origin_fingerprint', '64'],
    ['server: { origin_server: "host:3000", shared_token: t }', 'server.origin_server', 'srv+https://'],
    ['server: { agent_endpoint: "http://x:3010" }', 'server.agent_endpoint', 'srv+name'],
    ['server: { local: { users: everybody } }', 'server.local.users', 'admin, all'],
    ['server: { tls: yes }', 'server.tls', 'a section'],
    ['server: { listen: [":3000"] }', 'server.listen', 'host:port'],
    ['server: { standby: yes }', 'server.standby', 'true or false'],
    ['resolver: { nameservers: ["a b"] }', 'resolver.nameservers', 'host:port'],
    ['resolver: { domains: [a] }', 'resolver.domains', 'a map'],
    ['agent: { space_id: web1 }', 'agent.space_id', 'uuid'],
    ['agent: { port: { http_port: [Web=80] } }', 'agent.port.http_port', '80=Web'],
    ['[a, b]', '', 'server:'],
  ])('%s is refused at %s', (yaml, key, allowed) => {
    expect(problemsOf(yaml)).toMatchObject([{ key, line: 1, allowed: expect.stringContaining(allowed) }]);
  });

  it('is refused with line and column when it is no YAML', () => {
    expect(problemsOf('server:\n\tlisten: x\n')).toMatchObject([{ line: 2, found: expect.stringContaining('tab') }]);
    expect(problemsOf('server: { listen: "x\n')[0]).toMatchObject({ file: FILE });
    expect(problemsOf('a: 1\n---\nb: 2\n')).toMatchObject([{ line: 2, found: expect.stringContaining('document') }]);
  });

  it('may not say the same key twice, in whatever case', () => {
    expect(problemsOf('server:\n  location: a\n  Location: b\n')).toMatchObject([
      { key: 'server.location', line: 3, found: 'it is given twice, first in line 2' },
    ]);
  });

  it('is not the only thing that can be wrong', () => {
    expect(problemsOf('', { KNOT_AUDIT_RETENTION: 'long' })).toMatchObject([
      { key: 'server.audit_retention', where: '$KNOT_AUDIT_RETENTION', allowed: 'a whole number' },
    ]);
  });
});

describe('keys that scaffolds of the older program printed', () => {
  it.each([
    ['server:\n  listen-agent: x', 'server.listen_agent'],
    ['agent:\n  space-id: x', 'agent.space_id'],
    ['agent:\n  enable-terminal: true', 'template'],
    ['agent:\n  port:\n    tcp-port: [1]', 'agent.port.tcp_port'],
    ['config: /etc/knot.yaml', '--config'],
    ['legacy: true', 'take the line out'],
    ['server: { html_path: /x }', 'take the line out'],
    ['server: { tls: { agent_use_tls: false } }', 'agents always use TLS'],
    ['server: { memorydb: { enabled: true } }', 'sessions'],
    ['tls_skip_verify: true', 'not checked'],
  ])('%s is accepted with a warning', (yaml, sentence) => {
    const { warnings } = loadConfig({ world: fakeWorld({ [FILE]: yaml }) });
    expect(warnings).toEqual([expect.stringMatching(/^\/work\/knot.yaml:\d+:\d+: /)]);
    expect(warnings[0]).toContain(sentence);
  });

  it('are not warned about where they say nothing', () => {
    const yaml = 'legacy: false\nserver: { html_path: "", memorydb: { enabled: false }, tls: { agent_use_tls: true } }';
    expect(loadConfig({ world: fakeWorld({ [FILE]: yaml }) }).warnings).toEqual([]);
  });
});
