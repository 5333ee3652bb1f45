import { describe, expect, it } from 'vitest';
import { KnotError } from '../errors/index.js';
import type { ConfigProblem } from './config-problem.js';
import { describeConfig } from './describe-config.js';
import { loadConfig, type LoadedConfig, type LoadOptions } from './load-config.js';
import { formatOrigin } from './config-value.js';
import { fakeWorld } from './testing/fake-world.js';

const FILE = '/work/knot.yaml';

function load(yaml: string, more: Omit<LoadOptions, 'world'> & { env?: Record<string, string> } = {}): LoadedConfig {
  return loadConfig({ ...more, world: fakeWorld({ [FILE]: yaml }, { env: more.env ?? {} }) });
}

function problemsOf(run: () => unknown): { text: string; problems: ConfigProblem[] } {
  try {
    run();
  } catch (error) {
    if (!(error instanceof KnotError) || error.code !== 'config.invalid') throw error;
    const found = error.details['problems'];
    return { text: `${error.message}\n${JSON.stringify(error.details)}`, problems: Array.isArray(found) ? found : [] };
  }
  throw new Error('the configuration was accepted');
}

describe('where a value comes from', () => {
  it('takes the flag before the environment before the file before the default', () => {
    const yaml = 'server:\n  location: from-file\n';
    const env = { KNOT_LOCATION: 'from-env' };
    const flags = new Map([['server.location', 'from-flag']]);
    const seen = [load(yaml, { env, flags }), load(yaml, { env }), load(yaml), load('')];
    expect(seen.map(({ config }) => config.server.location)).toEqual(['from-flag', 'from-env', 'from-file', 'box']);
    const origins = seen.map(({ values }) =>
      formatOrigin(values.get('server.location')?.origin ?? { kind: 'default' }),
    );
    expect(origins).toEqual(['--location', '$KNOT_LOCATION', `${FILE}:2:3`, 'from the host name']);
  });

  it('passes over an empty environment variable, but not over an empty flag', () => {
    const yaml = 'server: { wildcard_domain: "*.file.example" }';
    expect(load(yaml, { env: { KNOT_WILDCARD_DOMAIN: '' } }).config.server.wildcardDomain).toBe('*.file.example');
    const flags = new Map([['server.wildcard_domain', '']]);
    expect(load(yaml, { flags }).config.server.wildcardDomain).toBeUndefined();
  });

  it('has no Nomad beside Kubernetes unless its address is given', () => {
    const addressOf = (yaml: string) => load(yaml).config.server.nomad.addr;
    expect(addressOf('server: { kubernetes: { enabled: true } }')).toBeUndefined();
    expect(addressOf('')).toBe('http://127.0.0.1:4646');
    const both = 'server: { kubernetes: { enabled: true }, nomad: { addr: "http://10.0.0.1:4646" } }';
    expect(addressOf(both)).toBe('http://10.0.0.1:4646');
    expect(addressOf('server: { nomad: { enabled: false } }')).toBeUndefined();
    expect(addressOf('server: { nomad: { enabled: false, addr: "http://10.0.0.1:4646" } }')).toBeUndefined();
  });

  it('names the location after $NOMAD_DC where there is one', () => {
    expect(load('', { env: { NOMAD_DC: 'dc7' } }).config.server.location).toBe('dc7');
    expect(load('server: { location: "" }', { env: { NOMAD_DC: 'dc7' } }).config.server.location).toBe('dc7');
  });

  it('reads keys without case, and quoted numbers and booleans', () => {
    const { config } = load('SERVER:\n  MySQL: { Port: "3307", ENABLED: "false" }\n  Audit_Retention: "7"\n');
    expect(config.server.mysql).toMatchObject({ port: 3307, enabled: false });
    expect(config.server.auditRetention).toBe(7);
  });

  it('splits lists of the environment on whitespace and lists of flags on commas', () => {
    const env = { KNOT_REDIS_HOSTS: 'a:1  b:2\tc:3' };
    expect(load('', { env }).config.server.redis.hosts).toEqual(['a:1', 'b:2', 'c:3']);
    const flags = new Map([['server.redis.hosts', ['a:1,b:2', 'c:3']]]);
    expect(load('', { env, flags }).config.server.redis.hosts).toEqual(['a:1', 'b:2', 'c:3']);
  });

  it('resolves a path from the folder of the file that names it, else from the working folder', () => {
    const files = { '/etc/knot/k.yaml': 'server: { data_path: ./data, download_path: ~/pub, local: { path: /abs } }' };
    const world = fakeWorld(files, { env: { KNOT_CONFIG: '/etc/knot/k.yaml', KNOT_SQLITE_PATH: 'db' } });
    const { server } = loadConfig({ world }).config;
    expect(server).toMatchObject({ dataPath: '/etc/knot/data', downloadPath: '/home/ann/pub' });
    expect([server.local.path, server.sqlite.path]).toEqual(['/abs', '/work/db']);
  });

  it('keeps data of root in /var/lib/knot', () => {
    expect(loadConfig({ world: fakeWorld({}, { isRoot: true }) }).config.server.dataPath).toBe('/var/lib/knot');
  });

  it('keeps a number as a password to its last digit', () => {
    const { config } = load('server:\n  encrypt: 12345678901234567890\n  mysql: { password: 007 }\n');
    expect(config.server.encrypt?.reveal()).toBe('12345678901234567890');
    expect(config.server.mysql.password?.reveal()).toBe('007');
  });

  it('follows anchors', () => {
    const { config } = load('server:\n  dns: { ttl: &ttl 30 }\n  totp: { window: 2 }\n  audit_retention: *ttl\n');
    expect(config.server.auditRetention).toBe(30);
  });
});

describe('the file in use', () => {
  const places = ['/work', '/home/ann', '/home/ann/.config/knot'];
  const order = ['.knot', 'knot'].flatMap((name) =>
    places.flatMap((folder) => [`${folder}/${name}.yaml`, `${folder}/${name}.yml`]),
  );

  it('is the first of the search that is there, .knot.* of all folders before knot.*', () => {
    for (const [index] of order.entries()) {
      const files = Object.fromEntries(order.slice(index).map((path) => [path, 'log: { level: warn }']));
      expect(loadConfig({ world: fakeWorld(files) }).config.file).toBe(order[index]);
    }
    expect(loadConfig({ world: fakeWorld() }).config.file).toBeUndefined();
  });

  it('is the one that --config or KNOT_CONFIG names, in this order', () => {
    const world = fakeWorld({ '/work/a.yaml': '', '/work/b.yaml': '', [FILE]: '' }, { env: { KNOT_CONFIG: 'b.yaml' } });
    expect(loadConfig({ world, flags: new Map([['config', 'a.yaml']]) }).config.file).toBe('/work/a.yaml');
    expect(loadConfig({ world }).config.file).toBe('/work/b.yaml');
  });

  it('is an error when it was named and cannot be read', () => {
    const world = fakeWorld({ '/work/secret.yaml': { error: 'EACCES' } }, { env: { KNOT_CONFIG: 'gone.yaml' } });
    expect(problemsOf(() => loadConfig({ world })).problems).toMatchObject([
      { where: '$KNOT_CONFIG', found: '/work/gone.yaml: there is no such file' },
    ]);
    const flags = new Map([['config', 'secret.yaml']]);
    expect(problemsOf(() => loadConfig({ world, flags })).text).toContain('this user may not read it');
  });

  it('is an error when the search finds one that cannot be read', () => {
    const world = fakeWorld({ '/home/ann/.knot.yaml': { error: 'EACCES' }, [FILE]: '' });
    expect(problemsOf(() => loadConfig({ world })).problems[0]?.file).toBe('/home/ann/.knot.yaml');
  });
});

describe('secrets', () => {
  it('come from a file beside the one that names it, without its line end', () => {
    const files = { '/etc/k.yaml': 'server: { encrypt_file: keys/a }', '/etc/keys/a': 'abcdefghijklmnop\r\n' };
    const { config, values } = loadConfig({ world: fakeWorld(files, { env: { KNOT_CONFIG: '/etc/k.yaml' } }) });
    expect(config.server.encrypt?.reveal()).toBe('abcdefghijklmnop');
    expect(values.get('server.encrypt')?.origin).toMatchObject({ kind: 'file', line: 1, column: 11 });
  });

  it('come from the stronger source, be it the value or the file', () => {
    const files = { '/work/t': 'by-file\n', [FILE]: 'server: { nomad: { token: direct } }' };
    const byEnv = loadConfig({ world: fakeWorld(files, { env: { KNOT_NOMAD_TOKEN_FILE: 't' } }) });
    expect(byEnv.config.server.nomad.token?.reveal()).toBe('by-file');
    const flags = new Map([['server.nomad.token', 'flagged']]);
    const byFlag = loadConfig({ flags, world: fakeWorld(files, { env: { KNOT_NOMAD_TOKEN_FILE: 't' } }) });
    expect(byFlag.config.server.nomad.token?.reveal()).toBe('flagged');
  });

  it('are refused when value and file are given side by side, or the file is missing or empty', () => {
    const both = problemsOf(() => load('server: { encrypt: abcdefghijklmnop, encrypt_file: x }'));
    expect(both.problems).toMatchObject([{ key: 'server.encrypt_file', allowed: 'one of them' }]);
    const gone = problemsOf(() => load('server: { encrypt_file: gone }'));
    expect(gone.text).toContain('/work/gone: there is no such file');
    const world = fakeWorld({ [FILE]: 'server: { encrypt_file: void }', '/work/void': '\n' });
    expect(problemsOf(() => loadConfig({ world })).text).toContain('it is empty');
  });

  it('may be several for rotation: a list, lines of a file, or words of the environment', () => {
    const tokens = (loaded: LoadedConfig): string[] => loaded.config.server.sharedToken.map((token) => token.reveal());
    expect(tokens(load('server: { shared_token: one two }'))).toEqual(['one two']);
    expect(tokens(load('server: { shared_token: [one, two] }'))).toEqual(['one', 'two']);
    expect(tokens(load('', { env: { KNOT_SHARED_TOKEN: 'one two' } }))).toEqual(['one', 'two']);
    const world = fakeWorld({ [FILE]: 'server: { shared_token_file: t }', '/work/t': 'one\ntwo\n' });
    expect(tokens(loadConfig({ world }))).toEqual(['one', 'two']);
  });

  it('show in no error, warning or description', () => {
    const leak = 'hunter2hunter2';
    const wrong = `server:\n  encrypt: ${leak}\n  encrypt_keys: [${leak}]\n  mysql: { password: { a: ${leak} } }\n  x: ${leak}\n`;
    expect(problemsOf(() => load(wrong)).text).not.toContain(leak);
    expect(problemsOf(() => load(`server:\n  encrypt: "${leak}\n nomad: [`)).text).not.toContain(leak);
    const right = `server: { shared_token: ${leak}, nomad: { token: ${leak} }, mysql: { password: ${leak} } }`;
    const loaded = load(right);
    const shown = JSON.stringify([describeConfig(loaded.values, 'server'), loaded.warnings, loaded.config]);
    expect(shown).not.toContain(leak);
  });
});
