import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { openMysqlStore, type MysqlAccount } from '@knot/shared/mysql';
import { openRedisStore } from '@knot/shared/redis';
import type { Store } from '@knot/shared/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate } from '../tools/certificates.js';
import { startOrigin } from '../tools/cluster.js';
import { startMariadb, type Mariadb } from '../tools/mariadb.js';
import { mysqlKeys } from '../tools/mysql-keys.js';
import { startRedis, type RedisServer } from '../tools/redis.js';
import { sharedMariadb } from '../tools/shared-mariadb.js';

const PASSWORD = 'a-password-of-the-store';
const certificate = makeCertificate('DNS:localhost', 'DNS:store.test', 'IP:127.0.0.1');
const stranger = makeCertificate('DNS:localhost', 'IP:127.0.0.1');
const authorityOf = ({ caFile }: typeof certificate) => ({ ca: [readFileSync(caFile, 'utf8')] });
const sources = { clock: Date, random: (count: number) => randomBytes(count) };

let mariadb: Mariadb;
let redis: RedisServer;

beforeAll(async () => {
  mariadb = await startMariadb(`--ssl-cert=${certificate.certFile}`, `--ssl-key=${certificate.keyFile}`);
  await mariadb.sql(`CREATE USER knot IDENTIFIED BY '${PASSWORD}' REQUIRE SSL`, 'GRANT ALL ON *.* TO knot');
  redis = await startRedis({ certificate, config: { requirepass: PASSWORD } });
});

afterAll(() => mariadb?.stop());

async function works(store: Store): Promise<void> {
  await store.commit({ expect: [], writes: [{ put: 'guard', row: { id: 'x', touchedAt: 1 } }] });
  expect((await store.get('guard', 'x'))?.touchedAt).toBe(1);
  await store.close();
}

async function holdsDataOfAnOrigin(config: Record<string, unknown>): Promise<void> {
  const origin = await startOrigin({ config });
  expect(await origin.api.spaces()).toEqual([]);
  expect(origin.process.output()).not.toContain(PASSWORD);
  expect((await origin.process.terminate()).code).toBe(0);
}

const refusal = (message: string, hint: string) => ({
  code: 'store.unavailable',
  message: expect.stringContaining(message),
  hint: expect.stringContaining(hint),
});

describe('a MariaDB with TLS', () => {
  const user = { user: 'knot', password: PASSWORD };
  const open = (account: Partial<MysqlAccount>, host = 'store.test', port = mariadb.port) =>
    openMysqlStore({
      ...sources,
      account: { ...user, database: 'knot', tls: authorityOf(certificate), ...account },
      targets: () => Promise.resolve([{ host, address: '127.0.0.1', port }]),
      maxOpen: 2,
      maxIdle: 2,
      lifetimeMs: 0,
    });

  it('holds the data of an origin that knows its authority', async () => {
    const keys = mysqlKeys({ ...mariadb, ...user, host: 'localhost' }, await mariadb.freshDatabase());
    const tls = { 'server.mysql.use_tls': true, 'server.mysql.ca_file': certificate.caFile };
    await holdsDataOfAnOrigin({ ...keys, ...tls });
  });

  it('is taken by the name that its certificate has, wherever it was dialled, and by no other', async () => {
    await mariadb.sql('CREATE DATABASE knot');
    await works(await open({}));
    const names = refusal('certificate is made out to other names', 'Name the server under server.mysql');
    await expect(open({}, 'other.test')).rejects.toMatchObject(names);
    const trust = refusal("the server's certificate is not trusted", 'Let server.mysql.ca_file name a file');
    await expect(open({ tls: authorityOf(stranger) })).rejects.toMatchObject(trust);
  });

  it('is missed where there is none, and asked for where the server wants it', async () => {
    const { port } = await sharedMariadb();
    const plain = refusal('the server does not speak TLS', 'server.mysql.use_tls: false');
    await expect(open({}, 'store.test', port)).rejects.toMatchObject(plain);
    const forUser = refusal('does not know this user', 'a user who must come by TLS needs server.mysql.use_tls');
    await expect(open({ tls: null })).rejects.toMatchObject(forUser);
  });
});

describe('a Redis with TLS', () => {
  const open = (host: string, authority = certificate) =>
    openRedisStore({
      ...sources,
      place: {
        hosts: [host],
        db: 0,
        keyPrefix: 'tls:',
        password: PASSWORD,
        tls: authorityOf(authority),
        srv: (name) => Promise.resolve([{ host: name, address: '127.0.0.1', port: redis.port }]),
      },
      acceptDataLoss: false,
    });

  it('holds the data of an origin that knows its authority', async () => {
    await holdsDataOfAnOrigin({
      'server.redis.enabled': true,
      'server.redis.hosts': [`localhost:${redis.port}`],
      'server.redis.password': PASSWORD,
      'server.redis.use_tls': true,
      'server.redis.ca_file': certificate.caFile,
      'server.encrypt': 'a-key-of-the-tests-with-enough-letters',
    });
    expect(redis.ask('-a', PASSWORD, '--no-auth-warning', 'EXISTS', '{knot}:e').trim()).toBe('1');
  });

  it('is taken by its address and by the name that records lead to, if its certificate has it', async () => {
    await works(await open(`127.0.0.1:${redis.port}`));
    await works(await open('srv+store.test'));
    const names = refusal('certificate is made out to other names', 'Name the server under server.redis');
    await expect(open('srv+other.test')).rejects.toMatchObject(names);
    const trust = refusal("the server's certificate is not trusted", 'Let server.redis.ca_file name a file');
    await expect(open('srv+store.test', stranger)).rejects.toMatchObject(trust);
  });
});
