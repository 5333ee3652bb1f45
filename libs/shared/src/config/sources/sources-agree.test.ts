import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { buildConfig, propertyName } from '../build-config.js';
import { ConfigDraft } from '../config-draft.js';
import { CONFIG_KEYS, keysFor } from '../keys/config-keys.js';
import type { ConfigPurpose, KeySpec } from '../keys/key-spec.js';
import { loadConfig } from '../load-config.js';
import { Secret } from '../../secrets/secret.js';
import { fakeWorld } from '../testing/fake-world.js';

const FILE = '/work/knot.yaml';
type Sample = string | readonly string[];

/** Values that each key takes, chosen so that no two keys are at odds whatever subset is given. */
const SAMPLES: Readonly<Record<string, fc.Arbitrary<Sample>>> = {
  'server.listen': fc.constantFrom('127.0.0.1:3100', ':3200', '[::1]:3300'),
  'server.listen_agent': fc.constantFrom(':4100', '10.0.0.1:4200'),
  'server.listen_tunnel': fc.constantFrom(':5100', '5200'),
  'server.tunnel_domain': fc.constantFrom('*.tunnel.example', '.tunnel.example'),
  'server.wildcard_domain': fc.constantFrom('*.example.com', '*.Example.com:8443'),
  'server.agent_endpoint': fc.constantFrom('srv+agents.service.consul', 'knot.example:3010'),
  'server.location': fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  'server.origin_fingerprint': fc.constant('ab'.repeat(32)),
  'server.timezone': fc.constantFrom('Europe/Berlin', 'America/New_York', 'UTC'),
  'server.trusted_proxies': fc.subarray(['10.0.0.0/8', '::1', '192.168.0.1'], { minLength: 1 }),
  'server.proxy_allow': fc.subarray(['db.internal:5432', '*.consul:*', '[fd00::]/8:22'], { minLength: 1 }),
  'server.encrypt': fc.stringMatching(/^[A-Za-z0-9]{16,32}$/),
  'server.redis.hosts': fc.subarray(['a:1', 'srv+redis.service.consul', '[::1]:6379'], { minLength: 1 }),
  'resolver.nameservers': fc.subarray(['10.0.0.1:53', 'ns.example'], { minLength: 1 }),
  'agent.endpoint': fc.constantFrom('srv+agents', 'knot.example:3010'),
  'agent.space_id': fc.uuid(),
  'agent.port.tcp_port': fc.subarray(['22', '5432=Postgres'], { minLength: 1 }),
  'agent.port.http_port': fc.subarray(['80=Web', '8080'], { minLength: 1 }),
  'agent.port.https_port': fc.constant(['443']),
};

/** Off, or on with their partners only: their combinations are tested with the rules. */
const LEFT_OUT = new Set([
  'server.encrypt_keys',
  'server.tls.cert_file',
  'server.tls.key_file',
  'server.tls.use_tls',
  'server.nomad.cert_file',
  'server.nomad.key_file',
  'server.origin_server',
  'server.apps_url',
  'server.direct_url',
  'server.disable_proxy',
  'server.oidc.issuer',
  'server.oidc.passwords',
]);
const SWITCHED_OFF = /^server\.(mysql|redis|sqlite|badgerdb|kubernetes|docker)\.enabled$/;

function sampleFor({ path, type }: KeySpec): fc.Arbitrary<Sample> {
  const special = SAMPLES[path];
  if (special !== undefined) return special;
  switch (type.kind) {
    case 'boolean':
      return SWITCHED_OFF.test(path) ? fc.constant('false') : fc.constantFrom('true', 'false', '1', 'False');
    case 'integer':
      return fc.integer({ min: 1, max: 10 }).map(String);
    case 'choice':
      return fc.constantFrom(...type.values);
    case 'url':
      return fc.constantFrom(`${type.schemes[0]}://host.example:1234`, `${type.schemes[0]}://other.example/`);
    case 'listen':
      return fc.constantFrom(':6100', '[::1]:6200');
    case 'list':
    case 'secrets':
      return fc.array(fc.stringMatching(/^[a-z0-9]{3,20}$/), { minLength: 1, maxLength: 3 });
    default:
      return fc.stringMatching(/^[a-z][a-z0-9]{2,20}$/);
  }
}

const eligible = (purpose: ConfigPurpose): KeySpec[] =>
  keysFor(purpose).filter((spec) => spec.flag !== undefined && spec.fileOf === undefined && !LEFT_OUT.has(spec.path));

const subsets = (purpose: ConfigPurpose): fc.Arbitrary<Map<string, Sample>> =>
  fc
    .subarray(eligible(purpose))
    .chain((specs) => fc.tuple(...specs.map((spec) => sampleFor(spec).map((value) => [spec.path, value] as const))))
    .map((pairs) => new Map(pairs));

function asYaml(samples: ReadonlyMap<string, Sample>): string {
  const tree: Record<string, unknown> = {};
  for (const [path, value] of samples) {
    const parts = path.split('.');
    let node = tree;
    for (const part of parts.slice(0, -1)) node = (node[part] ??= {}) as Record<string, unknown>;
    node[parts.at(-1) ?? ''] = value;
  }
  return stringify(tree);
}

function asEnv(samples: ReadonlyMap<string, Sample>, purpose: ConfigPurpose): Record<string, string> {
  return Object.fromEntries(
    keysFor(purpose).flatMap(({ path, env }) => {
      const sample = samples.get(path);
      return sample === undefined ? [] : [[env[0] ?? '', [sample].flat().join(' ')]];
    }),
  );
}

/** Everything of a configuration with its secrets in clear, to be compared. */
function seen(value: unknown): unknown {
  if (value instanceof Secret) return { secret: value.reveal() };
  if (Array.isArray(value)) return value.map(seen);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'file')
      .map(([name, field]) => [name, seen(field)]),
  );
}

describe('file, environment and flags', () => {
  for (const purpose of ['server', 'agent', 'client'] as const) {
    test.prop([subsets(purpose)], { numRuns: 30 })(
      `say the same for any subset of the keys of the ${purpose}`,
      (samples) => {
        const byFile = loadConfig({ purpose, world: fakeWorld({ [FILE]: asYaml(samples) }) });
        const byEnv = loadConfig({ purpose, world: fakeWorld({}, { env: asEnv(samples, purpose) }) });
        const byFlag = loadConfig({ purpose, flags: new Map(samples), world: fakeWorld() });
        expect(seen(byEnv.config)).toEqual(seen(byFile.config));
        expect(seen(byFlag.config)).toEqual(seen(byFile.config));
        expect(byFlag.notices).toEqual(byFile.notices);
      },
    );
  }

  it('fill the property of every key, and the classes have no other', () => {
    const { values } = loadConfig({ world: fakeWorld() });
    const marked = new Map([...values].map(([path, { origin }]) => [path, { value: `<${path}>`, origin }]));
    const config = buildConfig(new ConfigDraft(marked), undefined);
    for (const { path, fileOf } of CONFIG_KEYS) {
      if (fileOf !== undefined || path === 'resolver.consul') continue;
      const found = path
        .split('.')
        .map(propertyName)
        .reduce<unknown>((node, name) => Object(node)[name], config);
      expect(found).toBe(`<${path}>`);
    }
  });
});
