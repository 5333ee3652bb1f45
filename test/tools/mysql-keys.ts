import type { MariadbAccess } from './mariadb.js';

/** The keys of knot.yaml by which an origin keeps its data in a database of the server. */
export function mysqlKeys({ host, port, user, password }: MariadbAccess, database: string): Record<string, unknown> {
  const key = (name: string): string => `server.mysql.${name}`;
  return {
    [key('enabled')]: true,
    [key('host')]: host,
    [key('port')]: port,
    [key('user')]: user,
    [key('password')]: password,
    [key('database')]: database,
    [key('connection_max_open')]: 20,
    'server.encrypt': 'a-key-of-the-tests-that-is-long-enough',
  };
}
