import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ApiClient } from '../tools/api-client.js';
import {
  ADMINISTRATOR,
  locationReady,
  signIn,
  startLeaf,
  startOrigin,
  withKeys,
  type Leaf,
  type Origin,
} from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { metric } from '../tools/metrics.js';
import { freshFolder, runKnot } from '../tools/processes.js';
import { STORE_KINDS, startStoreServer, type StoreKind, type StoreServer } from '../bench/store-origin.js';

const PATIENCE = { timeout: 120_000 };
/** More than what the commands tell of in between. */
const MANY_ROWS = 6_000;

const servers = new Map<StoreKind, StoreServer>();
let origin: Origin;
let leaf: Leaf;
let folder: string;
let passphrase: string;
let template: string;
/** A line for each start of a space, by its name. */
let startsFile: string;

beforeAll(async () => {
  for (const kind of STORE_KINDS) servers.set(kind, await startStoreServer(kind));
  folder = freshFolder('anywhere');
  passphrase = join(folder, 'passphrase');
  writeFileSync(passphrase, 'a passphrase of the tests\n');
  origin = await startOrigin({ config: keysOf('sqlite') });
  leaf = await startLeaf(origin, {
    location: 'lon',
    local: true,
    config: { 'server.local.path': freshFolder('spaces') },
  });
  await locationReady(origin, 'lon', 'local');
  startsFile = join(folder, 'starts');
  const job = `command: [sh, -c, "echo $\{{ .space.name }} >> ${startsFile}; exec sleep 10000"]`;
  template = (await origin.api.createTemplate({ name: 'sleeper', platform: 'local', job })).id;
  await origin.process.terminate();
  const store = await serverOf('sqlite').open();
  for (let from = 0; from < MANY_ROWS; from += 500) {
    const writes = Array.from({ length: 500 }, (_, at) => {
      return { put: 'guard', row: { id: `row-${from + at}`, touchedAt: Date.now() } } as const;
    });
    await store.commit({ expect: [], writes });
  }
  await store.close();
  origin = await origin.restart();
  return async () => {
    for (const server of servers.values()) await server.stop();
  };
}, 300_000);

function serverOf(kind: StoreKind): StoreServer {
  const server = servers.get(kind);
  if (server === undefined) throw new Error(`There is no ${kind}.`);
  return server;
}

function keysOf(kind: StoreKind): Record<string, unknown> {
  const none = { 'server.sqlite.enabled': false, 'server.mysql.enabled': false, 'server.redis.enabled': false };
  return { ...none, ...serverOf(kind).keys };
}

/** The knot.yaml of the origin with its data in that store. */
function fileOf(kind: StoreKind): string {
  const file = join(folder, `${kind}.yaml`);
  writeFileSync(file, withKeys(readFileSync(origin.process.configFile, 'utf8'), keysOf(kind)));
  return file;
}

async function admin(...args: string[]): Promise<string> {
  const { code, output } = await runKnot(['admin', ...args], { folder, timeout: 300_000 });
  if (code !== 0) throw new Error(`knot admin ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

async function run(name: string): Promise<string> {
  const { id } = await origin.api.createSpace(name, template, 'lon');
  await origin.api.wish(id, 'start');
  await origin.api.phase(id, 'Running', PATIENCE);
  return id;
}

/** Every space runs, and none was ever started a second time. */
async function runAsBefore(names: readonly string[]): Promise<void> {
  const spaces = await origin.api.spaces();
  expect(spaces.map(({ name }) => name).sort()).toEqual([...names].sort());
  for (const { id } of spaces) await origin.api.phase(id, 'Running', PATIENCE);
  expect(readFileSync(startsFile, 'utf8').trim().split('\n').sort()).toEqual([...names].sort());
}

async function acceptRestore(): Promise<void> {
  await expect(origin.api.spaces()).rejects.toMatchObject({ status: 401 });
  const { username, password } = ADMINISTRATOR;
  await new ApiClient(origin.url, await signIn(origin.url, username, password)).request('POST', '/restore/accept');
}

/** From each store into each, and back where it began. */
const RESTORES: readonly (readonly [StoreKind, StoreKind])[] = [
  ['sqlite', 'sqlite'],
  ['sqlite', 'mariadb'],
  ['mariadb', 'mariadb'],
  ['mariadb', 'redis'],
  ['redis', 'redis'],
  ['redis', 'sqlite'],
  ['sqlite', 'redis'],
  ['redis', 'mariadb'],
  ['mariadb', 'sqlite'],
];
const CONVERSIONS = RESTORES.filter(([from, to]) => from !== to);
const names: string[] = [];

it.each(RESTORES)(
  'a backup of %s put back into %s: the leaf lists again, removes nothing, and what is younger is an orphan to adopt',
  async (from, to) => {
    const [old, young] = [`old-${names.length}`, `young-${names.length}`];
    names.push(old, young);
    await run(old);
    const backup = join(folder, `backup-${names.length}`);
    await admin('backup', backup, '--config', fileOf(from), '--passphrase-file', passphrase);
    const youngId = await run(young);
    const relists = await metric(leaf.url, 'knot_leaf_relists_total');
    await origin.process.terminate();
    const told = await admin('restore', backup, '--config', fileOf(to), '--passphrase-file', passphrase, '--replace');
    expect(told).toMatch(/5\d\d\d rows \.\.\./);
    expect(await admin('check', '--config', fileOf(to))).toContain('All rows agree.');
    origin = await origin.reconfigured(keysOf(to));
    await acceptRestore();
    const orphans = await eventually(
      () => origin.api.orphans('lon'),
      (found) => found.length > 0,
      { ...PATIENCE, what: 'the orphan' },
    );
    expect(orphans.map(({ spaceId }) => spaceId)).toEqual([youngId]);
    expect(await metric(leaf.url, 'knot_leaf_relists_total')).toBeGreaterThan(relists);
    await origin.api.request('POST', `/locations/lon/orphans/${youngId}/adopt`, {});
    await runAsBefore(names);
  },
);

it.each(CONVERSIONS)('%s moves into %s with sessions and tokens, and says how far it is', async (from, to) => {
  await origin.process.terminate();
  const told = await admin('convert', '--config', fileOf(from), '--to', fileOf(to), '--replace');
  expect(told).toMatch(/5\d\d\d rows \.\.\./);
  if (to === 'mariadb') expect(told).toMatch(/5\d\d\d of \d+ rows are in the database/);
  expect(await admin('check', '--config', fileOf(to))).toContain('All rows agree.');
  origin = await origin.reconfigured(keysOf(to));
  await runAsBefore(names);
  names.push(`moved-${names.length}`);
  await run(names.at(-1) ?? '');
  expect(await origin.api.orphans('lon')).toEqual([]);
});
