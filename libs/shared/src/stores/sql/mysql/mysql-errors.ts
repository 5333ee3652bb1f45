import { isKnotError, KnotError } from '../../../errors/index.js';
import { tlsTrouble } from '../../tls-trouble.js';

/** What to do about an error of a session. */
export type Trouble =
  /** The transaction was undone to let another go on: do it again as a whole. */
  | 'again'
  /** The connection, or the server behind it, is of no use any more: another one may be. */
  | 'elsewhere'
  | 'final';

// 1020 record changed (snapshot isolation), 1205 lock wait, 1213 deadlock (also a failed certification of Galera)
const AGAIN = [1020, 1205, 1213];
// shutdown, killed, read-only after a fail-over, a Galera node that left its cluster, too many connections
const ELSEWHERE = [1040, 1047, 1053, 1290, 1317, 1792, 1836, 1927, 3168, 4031];
const READ_ONLY = [1290, 1792, 1836];
const DUPLICATE = 1062;

const PACKET_HINT = 'Raise max_allowed_packet of the database server, or store something smaller.';

const SENTENCES: Readonly<
  Record<number, { code: 'store.unavailable' | 'input.too_large' | 'input.invalid'; message: string; hint: string }>
> = {
  1021: { code: 'store.unavailable', message: 'the disk of the database server is full', hint: 'Make room on it.' },
  1040: {
    code: 'store.unavailable',
    message: 'the database server has no connection left',
    hint: 'Lower server.mysql.connection_max_open, or raise max_connections of the server.',
  },
  1044: {
    code: 'store.unavailable',
    message: 'the user may not use the database',
    hint: 'Grant it all on that database, or name another in server.mysql.user.',
  },
  1045: {
    code: 'store.unavailable',
    message: 'the database server does not know this user and password',
    hint: 'Check server.mysql.user and server.mysql.password; a user who must come by TLS needs server.mysql.use_tls.',
  },
  1049: {
    code: 'store.unavailable',
    message: 'there is no such database',
    hint: 'Make it on the server (CREATE DATABASE), or name another in server.mysql.database.',
  },
  1114: { code: 'store.unavailable', message: 'the disk of the database server is full', hint: 'Make room on it.' },
  1142: {
    code: 'store.unavailable',
    message: 'the user may not do this in the database',
    hint: 'Grant it all on that database: knot makes and changes its own tables.',
  },
  1153: { code: 'input.too_large', message: 'it is larger than the database server takes', hint: PACKET_HINT },
  1406: {
    code: 'input.invalid',
    message: 'a text is longer than the 255 characters that its column holds',
    hint: 'Shorten it.',
  },
  3159: {
    code: 'store.unavailable',
    message: 'the database server takes TLS connections only',
    hint: 'Set server.mysql.use_tls: true.',
  },
  1665: {
    code: 'store.unavailable',
    message: 'the database server logs statements, which this isolation does not allow',
    hint: 'Set binlog_format of the server to ROW or MIXED.',
  },
};

/** The server's number of an error; null for one of the connection. */
function numberOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('driverError' in error) return numberOf(error.driverError);
  return 'errno' in error && typeof error.errno === 'number' && error.errno > 0 ? error.errno : null;
}

/** A connection that broke, or did not answer in time. */
export class LostConnection extends Error {}

export function troubleOf(error: unknown): Trouble {
  if (isKnotError(error)) return 'final';
  const number = numberOf(error);
  if (number === null) return error instanceof TypeError || error instanceof RangeError ? 'final' : 'elsewhere';
  if (AGAIN.includes(number)) return 'again';
  return ELSEWHERE.includes(number) ? 'elsewhere' : 'final';
}

/** The server may not be written: it was, or will be, another one. */
export function isReadOnly(error: unknown): boolean {
  return READ_ONLY.includes(numberOf(error) ?? 0);
}

export function isDuplicate(error: unknown): boolean {
  return numberOf(error) === DUPLICATE;
}

export function packetTooLarge(bytes: number, allowed: number): KnotError {
  const message = `${bytes} bytes are more than the ${allowed} that the database server takes at once`;
  return new KnotError('input.too_large', message, PACKET_HINT, { bytes, allowed });
}

/** Any error of a store on MySQL as the port promises it; `place` is `host:port/database`. */
export function toMysqlError(error: unknown, place: string): KnotError {
  if (isKnotError(error)) return error;
  const number = numberOf(error);
  const options = { cause: error };
  const known = number === null ? undefined : SENTENCES[number];
  if (known !== undefined) return new KnotError(known.code, `${known.message} (${place})`, known.hint, {}, options);
  const text = error instanceof Error ? error.message : String(error);
  const trust = number === null ? tlsTrouble(text, 'server.mysql') : undefined;
  if (trust) return new KnotError('store.unavailable', `${trust.message} (${place})`, trust.hint, {}, options);
  switch (troubleOf(error)) {
    case 'again':
      return new KnotError('store.conflict', `others wrote the same rows: ${text}`, 'Try again.', {}, options);
    case 'elsewhere': {
      const readOnly = isReadOnly(error);
      const message = readOnly
        ? `the database takes no writes (${place})`
        : `the database ${place} does not answer: ${text}`;
      const hint = readOnly
        ? 'Let server.mysql.host name the server that may be written.'
        : 'Check that the server runs and can be reached.';
      return new KnotError('store.unavailable', message, hint, {}, options);
    }
    case 'final':
      return new KnotError('internal', `the store failed: ${text}`, '', {}, options);
  }
}
