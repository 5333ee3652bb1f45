import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../tools/api-client.js';
import {
  ADMINISTRATOR,
  locationReady,
  signIn,
  startLeaf,
  startOrigin,
  withKeys,
  type Origin,
} from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freshFolder, runKnot } from '../tools/processes.js';
import { startRedis, type RedisServer } from '../tools/redis.js';

const ENCRYPT = 'a-key-of-the-tests-with-enough-letters';

let redis: RedisServer;
let origin: Origin;
let folder: string;

beforeAll(async () => {
  redis = await startRedis();
  folder = freshFolder('admin');
  writeFileSync(join(folder, 'passphrase'), 'a passphrase of the tests\n');
  origin = await startOrigin({ config: { 'server.encrypt': ENCRYPT } });
  await startLeaf(origin, { location: 'lon', local: true, config: { 'server.local.path': freshFolder('spaces') } });
  await locationReady(origin, 'lon', 'local');
});

async function admin(...args: string[]): Promise<string> {
  const { code, output } = await runKnot(['admin', ...args], { folder, timeout: 120_000 });
  if (code !== 0) throw new Error(`knot admin ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

const inRedis = () => ({ 'server.redis.enabled': true, 'server.redis.hosts': [redis.host] });
const inSqlite = { 'server.redis.enabled': false };

/** The configuration of the same origin with other keys, as a file beside its own. */
function fileWith(keys: Record<string, unknown>): string {
  const file = join(
    origin.process.folder,
    `knot-${Object.values(keys)
      .join('-')
      .replaceAll(/[^a-z]/g, '')}.yaml`,
  );
  writeFileSync(file, withKeys(readFileSync(origin.process.configFile, 'utf8'), keys));
  return file;
}

const accept = async () => {
  const { username, password } = ADMINISTRATOR;
  const api = new ApiClient(origin.url, await signIn(origin.url, username, password));
  await api.request('POST', '/restore/accept');
};

describe('knot admin', () => {
  it(
    'backs up a running origin, restores that into another store, and every leaf lists again and removes nothing',
    { timeout: 300_000 },
    async () => {
      const { api } = origin;
      const file = origin.process.configFile;
      const template = await api.createTemplate({
        name: 'sleeper',
        platform: 'local',
        job: 'command: [sleep, "1000"]',
      });
      const old = await api.createSpace('old', template.id, 'lon');
      await api.wish(old.id, 'start');
      await api.phase(old.id, 'Running', { timeout: 60_000 });
      await admin('check', '--config', file);
      const backup = join(folder, 'backup');
      await admin('backup', backup, '--config', file, '--passphrase-file', join(folder, 'passphrase'));
      expect(readFileSync(backup).includes('ada@example.com')).toBe(false);
      await expect(admin('backup', backup, '--config', file)).rejects.toThrow('is there already');

      const young = await api.createSpace('young', template.id, 'lon');
      await api.wish(young.id, 'start');
      await api.phase(young.id, 'Running', { timeout: 60_000 });
      const passphrase = ['--passphrase-file', join(folder, 'passphrase')];
      await expect(admin('restore', backup, '--config', file, '--replace', ...passphrase)).rejects.toThrow('has');
      await origin.process.terminate();

      const redisFile = fileWith(inRedis());
      await expect(admin('restore', backup, '--config', redisFile)).rejects.toThrow('--passphrase-file');
      await admin('restore', backup, '--config', redisFile, '--passphrase-file', join(folder, 'passphrase'));
      await expect(
        admin('restore', backup, '--config', redisFile, '--passphrase-file', join(folder, 'passphrase')),
      ).rejects.toThrow('--replace');
      await admin('check', '--config', redisFile);

      origin = await origin.reconfigured(inRedis());
      await expect(origin.api.spaces()).rejects.toMatchObject({ status: 401 });
      await accept();
      const orphans = await eventually(
        () => origin.api.orphans('lon'),
        (found) => found.length === 1,
        // no leaf gets the lease before those of the history that is gone have run out
        { timeout: 150_000, what: 'the orphan' },
      );
      expect(orphans.map(({ spaceId }) => spaceId)).toEqual([young.id]);
      await origin.api.phase(old.id, 'Running', { timeout: 60_000 });
      await origin.api.request('POST', `/locations/lon/orphans/${young.id}/adopt`, {});
      expect(await origin.api.phase(young.id, 'Running', { timeout: 60_000 })).toMatchObject({ name: 'young' });
    },
  );

  it('moves everything back from Redis, after which sessions and tokens still hold', async () => {
    const [redisFile, sqliteFile] = [fileWith(inRedis()), fileWith(inSqlite)];
    await origin.process.terminate();
    await expect(admin('convert', '--config', redisFile, '--to', sqliteFile)).rejects.toThrow('--replace');
    await admin('convert', '--config', redisFile, '--to', sqliteFile, '--replace');
    await admin('check', '--config', sqliteFile);
    origin = await origin.reconfigured(inSqlite);
    const spaces = await origin.api.spaces();
    expect(spaces.map(({ name }) => name).sort()).toEqual(['old', 'young']);
    for (const { id } of spaces) await origin.api.phase(id, 'Running', { timeout: 60_000 });
  });

  it('finds rows that do not agree', async () => {
    const script = `for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
      if string.find(name, 'ada', 1, true) then redis.call('HSET', KEYS[1], name, 'somebody-else') end
    end`;
    redis.ask('EVAL', script, '1', '{knot}:u');
    const { code, output } = await runKnot(['admin', 'check', '--config', fileWith(inRedis())], {
      folder,
      timeout: 60_000,
    });
    expect(code).toBe(5);
    expect(output).toContain('somebody-else');
  });
});
