import { randomBytes } from 'node:crypto';
import { ServerNames, systemClock } from '@knot/shared';
import { openRedisStore } from '@knot/shared/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Endpoint } from '../../apps/agent/src/endpoint.js';
import { environmentOf, startAgent } from '../tools/agent.js';
import { startDnsServer, type DnsServer } from '../tools/dns-server.js';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { mysqlKeys } from '../tools/mysql-keys.js';
import { freePort } from '../tools/ports.js';
import { startRedis } from '../tools/redis.js';
import { sharedMariadb } from '../tools/shared-mariadb.js';
import { startTcpProxy } from '../tools/tcp-proxy.js';

const server = await sharedMariadb();
const NAME = 'knot-db.service.consul';
let dns: DnsServer;

const records = (...entries: readonly (readonly [string, number, number, number])[]): string[] => [
  ...entries.map(([name, port, priority, weight]) => `srv-host=${name},node.knot.test,${port},${priority},${weight}`),
  'host-record=node.knot.test,127.0.0.1,5',
];

beforeAll(async () => {
  dns = await startDnsServer([]);
});

afterAll(() => dns?.stop());

describe('names with SRV records at a real name server', () => {
  it('give their targets by priority, and the last answer while the server is dead', async () => {
    await dns.use(records([NAME, 20, 20, 0], [NAME, 10, 10, 1], [NAME, 11, 10, 1]));
    const warned: string[] = [];
    let ahead = 0;
    const names = new ServerNames({
      nameservers: [],
      domains: { consul: [dns.address] },
      clock: { monotonic: () => systemClock.monotonic() + ahead },
      warn: ({ message }) => warned.push(message),
    });
    const ports = async () => (await names.targets(NAME)).map(({ port }) => port);
    const first = await ports();
    expect(first.slice(0, 2).toSorted()).toEqual([10, 11]);
    expect(first[2]).toBe(20);
    await expect(names.targets('nothing.consul')).rejects.toThrow('nothing.consul has no SRV records at');
    await dns.down();
    ahead = 3_600_000;
    expect((await ports()).toSorted()).toEqual([10, 11, 20]);
    expect(warned.join()).toContain(`the name servers ${dns.address} gave no answer`);
    await expect(names.targets('other.consul')).rejects.toThrow('other.consul cannot be looked up');
  });

  it('lead an origin to its database and a leaf to its origin, past those that are dead', async () => {
    const [dead, free] = [await freePort(), await freePort()];
    const origin = 'knot-origin.service.consul';
    const door = await startTcpProxy(`tcp://127.0.0.1:${free}`);
    const toOrigin = [[origin, dead, 1, 1] as const, [origin, door.port, 2, 1] as const];
    await dns.use(records([NAME, dead, 1, 1], [NAME, server.port, 2, 1], ...toOrigin));
    const database = await server.freshDatabase();
    const config = {
      ...mysqlKeys(server, database),
      'server.mysql.host': `srv+${NAME}`,
      resolver: { consul: [dns.address] },
    };
    const running = await startOrigin({ config, port: free });
    await startLeaf(
      { url: `srv+http://${origin}` },
      {
        location: 'lon',
        local: true,
        config: { resolver: { consul: [dns.address] }, 'server.allow_plaintext': true },
      },
    );
    await locationReady(running, 'lon', 'local');
    const breakConnections = async () => {
      const open = await server.sql(`SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = '${database}'`);
      expect(open.length).toBeGreaterThan(0);
      for (const { id } of open) await server.sql(`KILL ${Number(id)}`).catch(() => undefined);
    };
    // The database moves: once the last answer is too old, new connections go where the name leads by then.
    const moved = await startTcpProxy(`tcp://127.0.0.1:${server.port}`);
    await dns.use(records([NAME, moved.port, 1, 1], ...toOrigin));
    await eventually(
      async () => {
        await breakConnections();
        await running.api.spaces();
        return moved.counted().connections;
      },
      (count) => count > 0,
      { timeout: 60_000, interval: 500, what: 'a connection to where the database is by now' },
    );
    // The name server dies, and then every connection to the database: it is dialled where it was last.
    await dns.down();
    const before = moved.counted().connections;
    await breakConnections();
    await eventually(
      async () => {
        await running.api.spaces();
        return moved.counted().connections;
      },
      (count) => count > before,
      { timeout: 60_000, what: 'the origin to go on' },
    );
    // So does the leaf, whose link is cut.
    const links = door.counted().connections;
    door.cut();
    door.pass();
    await eventually(
      () => door.counted().connections,
      (count) => count > links,
      { timeout: 60_000, what: 'the leaf to come again' },
    );
    await locationReady(running, 'lon', 'local');
    moved.close();
    door.close();
  });

  it('lead an agent where they lead by now, and where they led last while nobody answers', async () => {
    await dns.use(records([NAME, 20, 20, 0], [NAME, 10, 10, 0]));
    const said: string[] = [];
    const endpoint = new Endpoint(`srv+${NAME}`, [dns.address], (sentence) => said.push(sentence));
    const ports = async () => (await endpoint.targets()).map(({ port }) => port);
    expect(await ports()).toEqual([10, 20]);
    await dns.use(records([NAME, 30, 1, 0]));
    await eventually(ports, ([first]) => first === 30, { timeout: 60_000, what: 'the new answer' });
    await dns.down();
    await eventually(ports, () => said.length > 0, { timeout: 60_000, what: 'the last answer to be used' });
    expect(await ports()).toEqual([30]);
    expect(said.join()).toContain(`the name servers ${dns.address} gave no answer`);
  });

  it('lead an agent to its leaf by the name servers of the leaf, past one that is dead', async () => {
    const [dead, port] = [await freePort(), await freePort()];
    const name = 'knot-agents.service.consul';
    await dns.use(records([name, dead, 1, 1], [name, port, 2, 1]));
    const origin = await startOrigin();
    const config = {
      'server.listen_agent': `127.0.0.1:${port}`,
      'server.agent_endpoint': `srv+${name}`,
      resolver: { consul: [dns.address] },
    };
    await startLeaf(origin, { location: 'lon', local: true, config });
    await locationReady(origin, 'lon', 'local');
    const job = 'command: [sleep, "1000"]';
    const template = await origin.api.createTemplate({ name: 'sleeper', platform: 'local', job });
    const { id } = await origin.api.createSpace('sleeper', template.id, 'lon');
    await origin.api.wish(id, 'start');
    const env = environmentOf(await origin.api.phase(id, 'Running', { timeout: 60_000 }));
    expect(env).toMatchObject({ KNOT_AGENT_ENDPOINT: `srv+${name}`, KNOT_NAMESERVERS: dns.address });
    const agent = await startAgent(env);
    await agent.waitForLine(/Joined/, { timeout: 60_000 });
    await agent.kill();
    // With its name server dead a new one asks the system's as well, and says what it was told first.
    await dns.down();
    const lost = await startAgent(env);
    await lost.waitForLine(new RegExp(`${name}.* cannot be looked up.*${dns.address}`), { timeout: 60_000 });
    await lost.kill();
  });

  it('lead to Redis, also when it has moved', async () => {
    const dead = await freePort();
    const first = await startRedis();
    await dns.use(records([NAME, dead, 1, 1], [NAME, first.port, 2, 1]));
    const names = new ServerNames({
      nameservers: [],
      domains: { consul: [dns.address] },
      clock: systemClock,
      warn: () => undefined,
    });
    const store = await openRedisStore({
      place: { hosts: [`srv+${NAME}`], db: 0, keyPrefix: '', srv: (name) => names.targets(name) },
      acceptDataLoss: false,
      clock: Date,
      random: randomBytes,
    });
    const commit = (id: string) => store.commit({ expect: [], writes: [{ put: 'guard', row: { id, touchedAt: 1 } }] });
    await commit('before');
    await first.down();
    const second = await startRedis({ folder: first.folder });
    await dns.use(records([NAME, second.port, 1, 1]));
    await eventually(() => commit('after').then(() => true), Boolean, { timeout: 60_000, what: 'the new Redis' });
    // The name server is dead when Redis comes back: it is dialled where it was last.
    await dns.down();
    await second.down();
    await second.up();
    await eventually(() => commit('last').then(() => true), Boolean, { timeout: 60_000, what: 'Redis to be found' });
    const ids = ['before', 'after', 'last'];
    expect((await store.getMany('guard', ids)).map(({ id }) => id)).toEqual(ids);
    await store.close();
  });
});
