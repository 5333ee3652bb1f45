import { isIP } from 'node:net';
import { problem, warning, type ConfigRule } from './config-rule.js';

const CA_WITHOUT_TLS = 'it is not used, because TLS is off';
const NOT_AT_LEAF = 'it is not used at a leaf, which keeps its own embedded store';

const mysqlAtLeaf: ConfigRule = ({ config: { server } }) =>
  server.mysql.enabled && server.mode === 'leaf' ? [warning('server.mysql.enabled', NOT_AT_LEAF)] : [];

const mysqlTls: ConfigRule = ({ config: { server } }) => {
  const { enabled, useTls, caFile, host } = server.mysql;
  if (!enabled || server.mode === 'leaf') return [];
  if (!useTls) return caFile === undefined ? [] : [warning('server.mysql.ca_file', CA_WITHOUT_TLS)];
  if (isIP(host) === 0) return [];
  return [problem('server.mysql.host', `a certificate names no address as ${host}`, 'a host name, with use_tls')];
};

const mysqlBesideEmbedded: ConfigRule = ({ config: { server } }) => {
  const { mysql, badgerdb, sqlite } = server;
  if (!mysql.enabled || server.mode === 'leaf' || (!badgerdb.enabled && !sqlite.enabled)) return [];
  const key = badgerdb.enabled ? 'server.badgerdb.enabled' : 'server.sqlite.enabled';
  return [warning(key, 'it is not used: server.mysql is switched on, and all data is there')];
};

const redisUse: ConfigRule = ({ config: { server } }) => {
  const { redis } = server;
  if (!redis.enabled) return [];
  if (server.mode === 'leaf') return [warning('server.redis.enabled', NOT_AT_LEAF)];
  if (redis.hosts.length > 1 && redis.masterName === undefined && redis.db !== 0) {
    return [
      problem('server.redis.db', 'several hosts without master_name are a Redis Cluster, which has one database', '0'),
    ];
  }
  if (!redis.useTls && redis.caFile !== undefined) return [warning('server.redis.ca_file', CA_WITHOUT_TLS)];
  return [];
};

const oneEmbeddedStore: ConfigRule = ({ config: { server } }) => {
  const { badgerdb, sqlite } = server;
  if (!badgerdb.enabled || !sqlite.enabled || badgerdb.path === sqlite.path) return [];
  const found = `it is the same store as server.badgerdb, which is switched on with another path (${badgerdb.path})`;
  return [problem('server.sqlite.enabled', found, 'one of the two')];
};

const BADGER_FILE = /^(MANIFEST|KEYREGISTRY|.*\.vlog|.*\.sst)$/;

const foreignStore: ConfigRule = ({ config: { server }, world }) => {
  if (server.store.kind !== 'sqlite') return [];
  const file = world.listFolder(server.store.path).find((name) => BADGER_FILE.test(name));
  if (file === undefined) return [];
  const { badgerdb, sqlite } = server;
  const key = badgerdb.enabled ? 'badgerdb.path' : sqlite.enabled ? 'sqlite.path' : 'data_path';
  const found = `${server.store.path} holds the Badger database of another program (${file}), which knot cannot read`;
  return [problem(`server.${key}`, found, 'an empty folder; the data of the other program has to be brought over')];
};

export const STORE_RULES = [mysqlAtLeaf, mysqlTls, mysqlBesideEmbedded, redisUse, oneEmbeddedStore, foreignStore];
