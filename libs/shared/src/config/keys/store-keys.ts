import { BOOLEAN, INTEGER, LIST, PATH, SECRET, STRING, key } from './key-spec.js';

/** Keys of the stores. With none switched on, SQLite under `server.data_path` is used. */
export const STORE_KEYS = [
  key('server.mysql.enabled', BOOLEAN, 'keep all data in MySQL', { fallback: 'false' }),
  key('server.mysql.host', STRING, 'host; srv+name means an SRV look-up', { fallback: 'localhost' }),
  key('server.mysql.port', INTEGER, 'port', { fallback: '3306' }),
  key('server.mysql.user', STRING, 'user', { fallback: 'root' }),
  key('server.mysql.password', SECRET, 'password'),
  key('server.mysql.database', STRING, 'database', { fallback: 'knot' }),
  key('server.mysql.connection_max_idle', INTEGER, 'idle connections kept open', { fallback: '10' }),
  key('server.mysql.connection_max_open', INTEGER, 'most connections open at once', { fallback: '100' }),
  key('server.mysql.connection_max_lifetime', INTEGER, 'minutes after which a connection is renewed', {
    fallback: '5',
  }),
  key('server.mysql.use_tls', BOOLEAN, 'connect with TLS; the certificate is verified', { fallback: 'false' }),
  key('server.mysql.ca_file', PATH, "PEM file of the authority of the database server's certificate"),
  key('server.badgerdb.enabled', BOOLEAN, 'keep all data in the embedded store: SQLite under path', {
    fallback: 'false',
  }),
  key('server.badgerdb.path', PATH, 'folder of the embedded store', { fallback: './badger' }),
  key('server.sqlite.enabled', BOOLEAN, 'the same as badgerdb.enabled', { fallback: 'false' }),
  key('server.sqlite.path', PATH, 'folder of the embedded store', { fallbackNote: 'server.data_path' }),
  key('server.redis.enabled', BOOLEAN, 'all data if there is no other store, else a cache of sessions', {
    fallback: 'false',
  }),
  key('server.redis.hosts', LIST, 'host:port of each; srv+name means an SRV look-up', {
    fallback: ['localhost:6379'],
  }),
  key('server.redis.password', SECRET, 'password'),
  key('server.redis.db', INTEGER, 'number of the database', { fallback: '0' }),
  key('server.redis.master_name', STRING, 'name of the master, when the hosts are Sentinels'),
  key('server.redis.key_prefix', STRING, 'put before each key, with a colon'),
  key('server.redis.use_tls', BOOLEAN, 'connect with TLS; the certificates are verified', { fallback: 'false' }),
  key('server.redis.ca_file', PATH, "PEM file of the authority of the Redis servers' certificates"),
  key('server.redis.accept_data_loss', BOOLEAN, 'store in a Redis without appendonly', { fallback: 'false' }),
  key('server.memorydb.enabled', BOOLEAN, 'sessions in memory', {
    fallback: 'false',
    useless: 'sessions are kept in the main store and outlive a restart; take the line out',
  }),
];
