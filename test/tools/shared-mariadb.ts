import { afterAll } from 'vitest';
import { mariadbAt, type Mariadb, type MariadbAccess } from './mariadb.js';
import { sharedServer } from './shared-server.js';

/**
 * The MariaDB of the whole test run; the databases made here go when the file ends. For what disturbs others (down,
 * freeze, another configuration) start one of your own by `startMariadb()`: it takes about three seconds.
 */
export async function sharedMariadb(): Promise<MariadbAccess & Pick<Mariadb, 'sql' | 'freshDatabase'>> {
  const access = await sharedServer('mariadb');
  const server = mariadbAt(access);
  const databases: string[] = [];
  afterAll(async () => {
    for (const name of databases) await server.sql(`DROP DATABASE IF EXISTS ${name}`);
  });
  return {
    ...access,
    sql: server.sql,
    async freshDatabase() {
      const name = await server.freshDatabase();
      databases.push(name);
      return name;
    },
  };
}
