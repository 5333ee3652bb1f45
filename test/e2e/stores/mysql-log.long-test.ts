import { describe } from 'vitest';
import { describeLog } from '../../../libs/shared/src/stores/conformance/log-suite.js';
import { makeMysqlPlace } from '../../tools/mysql-place.js';
import { sharedMariadb } from '../../tools/shared-mariadb.js';

const server = await sharedMariadb();

describe('8,000 commits in one MariaDB', () => describeLog(() => makeMysqlPlace(server), 250));
