import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { loadConfig, type LoadedConfig } from '../load-config.js';
import { fakeWorld } from '../testing/fake-world.js';
import { kubernetesScaffold } from './kubernetes-scaffold.js';
import { nomadScaffold } from './nomad-scaffold.js';
import { agentScaffold, clientScaffold, serverScaffold } from './scaffolds.js';

const FILE = '/work/knot.yaml';
const TOKEN = 'abcdefghijklmnopqrstuvwx';

function load(text: string): LoadedConfig {
  return loadConfig({ world: fakeWorld({ [FILE]: text }) });
}

/** What a user does: writes a value where the scaffold has an empty one. */
function fillIn(text: string, values: Record<string, string>): string {
  return Object.entries(values).reduce(
    (filled, [name, value]) => filled.replace(`${name}: ""`, `${name}: ${value}`),
    text,
  );
}

/** What a user does: takes away the `# ` before every example. */
function uncomment(text: string): string {
  return text.replace(/^( +)# (\w+: )/gm, '$1$2');
}

describe('knot scaffold', () => {
  it.each([
    ['--server', serverScaffold(randomBytes)],
    ['--agent', agentScaffold()],
    ['--client', clientScaffold()],
  ])('%s prints what config check has nothing to say about', (_, text) => {
    const { warnings, notices } = load(text);
    expect({ warnings, notices }).toEqual({ warnings: [], notices: [] });
  });

  it('--server is a server alone, on SQLite and Nomad, with a key of its own', () => {
    const { server } = load(serverScaffold(randomBytes)).config;
    expect(server).toMatchObject({ mode: 'standalone', store: { kind: 'sqlite', path: '/work/knot-data' } });
    expect(server.nomad.addr).toBe('http://127.0.0.1:4646');
    expect(server.encrypt?.reveal()).not.toBe(load(serverScaffold(randomBytes)).config.server.encrypt?.reveal());
  });

  it('--server with shared_token and location set is an origin, and a leaf with origin_server too', () => {
    const origin = fillIn(serverScaffold(randomBytes), { location: 'main', shared_token: TOKEN });
    expect(load(origin).config.server).toMatchObject({ mode: 'origin', location: 'main', store: { kind: 'sqlite' } });
    const leaf = fillIn(serverScaffold(randomBytes), {
      location: 'edge',
      shared_token: TOKEN,
      origin_server: 'http://127.0.0.1:3000',
    });
    const { config, warnings } = load(leaf);
    expect(config.server).toMatchObject({ mode: 'leaf', location: 'edge', originServer: 'http://127.0.0.1:3000' });
    expect(warnings).toEqual([]);
  });

  it('--server and --agent show examples that are right when they are uncommented', () => {
    const files = { '/work/mysql-password': 'x', '/work/redis-password': 'x', '/work/service-password': 'x' };
    for (const text of [serverScaffold(randomBytes), agentScaffold()]) {
      expect(() => loadConfig({ world: fakeWorld({ ...files, [FILE]: uncomment(text) }) })).not.toThrow();
    }
  });

  it('--nomad holds a server that config check accepts once its variable is there', () => {
    const [, yaml = ''] = /<<-YAML\n([^]*?)\n +YAML\n/.exec(nomadScaffold()) ?? [];
    const text = yaml.replace(/^ {10}/gm, '');
    const files = { '/alloc/local/knot.yaml': text, '/alloc/secrets/encrypt': 'abcdefghijklmnop' };
    const { config } = loadConfig({ world: fakeWorld(files, { env: { KNOT_CONFIG: '/alloc/local/knot.yaml' } }) });
    expect(config.server).toMatchObject({ mode: 'standalone', dataPath: '/var/lib/knot', listen: { port: 3000 } });
    expect(config.server.tls.useTls).toBe(true);
  });

  it('--kubernetes holds a server that config check accepts once its key is mounted', () => {
    const [, text = ''] = /knot\.yaml: \|\n([^]*?)\n---/.exec(kubernetesScaffold()) ?? [];
    const files = { '/etc/knot/knot.yaml': text.replace(/^ {4}/gm, ''), '/etc/knot-keys/encrypt': 'abcdefghijklmnop' };
    const loaded = loadConfig({ world: fakeWorld(files, { env: { KNOT_CONFIG: '/etc/knot/knot.yaml' } }) });
    const { server } = loaded.config;
    expect([loaded.warnings, loaded.notices]).toEqual([[], []]);
    expect(server.kubernetes).toMatchObject({ enabled: true, namespace: 'knot-spaces' });
    expect(server.encrypt?.reveal()).toBe('abcdefghijklmnop');
  });
});
