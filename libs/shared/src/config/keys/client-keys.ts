import { SECRET, key, url } from './key-spec.js';

/** Keys of the command line as a client of a server. */
export const CLIENT_KEYS = [
  key('client.server', url('http', 'https'), 'address of the server', { shortFlag: '-s' }),
  key('client.token', SECRET, 'API token', { shortFlag: '-t' }),
];
