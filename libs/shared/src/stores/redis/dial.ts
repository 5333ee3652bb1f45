import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ServerTarget } from '../../names/server-names.js';
import type { RedisPlace } from './place.js';

export const CONNECT_MS = 5_000;

/** A connection that stands; under TLS one whose certificate was verified for the target's host. */
export function dial({ host, address, port }: ServerTarget, { tls }: RedisPlace): Promise<Socket> {
  const where = { host: address, port, noDelay: true };
  const socket = tls === undefined ? connect(where) : connectTls({ ...where, ...tlsOptions(tls), ...nameOf(host) });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const silent = socket.connecting ? '' : ', which takes connections but does not answer TLS';
      socket.destroy();
      reject(new Error(`connect ETIMEDOUT ${host}:${port}${silent}`));
    }, CONNECT_MS);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => end(() => resolve(socket)));
    // It stays: an error between here and the client's own listeners must not end the process.
    socket.on('error', (error) => end(() => reject(error)));
  });
}

export function tlsOptions({ ca }: NonNullable<RedisPlace['tls']>) {
  return { ca: [...ca], minVersion: 'TLSv1.2' as const, rejectUnauthorized: true };
}

/** An address is compared with those that the certificate names, and must not be told as a name. */
function nameOf(host: string): { servername?: string } {
  return isIP(host) === 0 ? { servername: host } : {};
}
