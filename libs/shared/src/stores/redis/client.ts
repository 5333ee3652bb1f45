import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import { CONNECT_MS, tlsOptions } from './dial.js';
import { targetsOf, type RedisPlace } from './place.js';
import { connectorTo } from './place-connector.js';

/** A client of ioredis that dials the place until it is closed. */
export function connectRedis(place: RedisPlace, commandTimeout: number): Redis | Cluster {
  const { password, db, masterName } = place;
  if (place.hosts.length > 1 && !masterName) return connectCluster(place, commandTimeout);
  const options: RedisOptions = {
    password,
    db,
    Connector: connectorTo(place),
    commandTimeout,
    // What is sent again is decided in one place: by `RedisConnection.ask`.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(1_000, 20 * 2 ** Math.min(times, 6)),
    // A master that became a replica under this connection is left for the new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
  return new Redis(options);
}

function connectCluster(place: RedisPlace, commandTimeout: number): Cluster {
  const { hosts, password, tls } = place;
  /** Where names lead that only our own name servers know. */
  const addresses = new Map<string, string>();
  let turn = 0;
  const options: ClusterOptions = {
    redisOptions: {
      password,
      connectTimeout: CONNECT_MS,
      commandTimeout,
      autoResendUnfulfilledCommands: false,
      ...(tls && { tls: { ...tlsOptions(tls), lookup: lookupBy(addresses) } }),
    },
    enableOfflineQueue: true,
    clusterRetryStrategy: (times) => Math.min(1_000, 50 * times),
    slotsRefreshTimeout: CONNECT_MS,
    // Each of our hosts is told to ioredis as a name with records, so that it asks us at each new connection.
    useSRVRecords: true,
    resolveSrv: (name, done) => {
      targetsOf(hosts[Number(name.slice(ENTRY.length))] ?? '', place).then(
        (targets) => {
          for (const { host, address } of targets) addresses.set(host, address);
          // ioredis takes the first of them; the next time another one is it.
          turn += 1;
          const records = targets.map(({ host, address, port }, at) => {
            return { name: tls ? host : address, port, priority: (at + turn) % targets.length, weight: 0 };
          });
          done(null, records);
        },
        (error: Error) => done(error),
      );
    },
    dnsLookup: (name, done) => done(null, name),
  };
  return new Cluster(
    hosts.map((_, index) => ({ host: `${ENTRY}${index}` })),
    options,
  );
}

/** Before the number of a host. */
const ENTRY = 'entry-';

function lookupBy(addresses: ReadonlyMap<string, string>): LookupFunction {
  return (host, options, done) => lookup(addresses.get(host) ?? host, options, done);
}
