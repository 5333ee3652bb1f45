import { describeStore } from '@knot/shared/store-conformance';
import { makeMysqlPlace } from '../../tools/mysql-place.js';
import { sharedMariadb } from '../../tools/shared-mariadb.js';

const server = await sharedMariadb();

describeStore('the store on MariaDB', () => makeMysqlPlace(server));
