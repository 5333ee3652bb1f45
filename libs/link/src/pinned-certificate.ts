import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { KnotError } from '@knot/shared/errors';
import { connectionTrouble } from './connection-trouble.js';

const DEADLINE_MS = 10_000;

/**
 * The certificate a server shows, as PEM, if its sha256 is the expected one. Nothing is sent over the connection
 * that fetches it; only the certificate itself is then trusted for the real ones.
 */
export function pinnedCertificate(host: string, port: number, fingerprint: string): Promise<string> {
  const wanted = normalized(fingerprint);
  return new Promise((resolve, reject) => {
    const at = `${host}:${port}`;
    const fail = (error: KnotError) => {
      socket.destroy();
      reject(error);
    };
    const servername = isIP(host) === 0 ? host : '';
    const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ['h2'], servername });
    socket.setTimeout(DEADLINE_MS, () => fail(connectionTrouble('ETIMEDOUT', at)));
    socket.once('error', (error: Error) => fail(connectionTrouble(error.message, at)));
    // An end before any certificate was shown; after one it comes too late to matter.
    socket.once('close', () => fail(connectionTrouble('Socket closed', at)));
    socket.once('secureConnect', () => {
      const certificate = new X509Certificate(socket.getPeerCertificate(true).raw);
      const shown = normalized(certificate.fingerprint256);
      if (shown !== wanted) {
        const hint = `It shows ${certificate.fingerprint256}. If that is right, set server.origin_fingerprint to it.`;
        const message = `The certificate of ${at} is not the one in server.origin_fingerprint.`;
        return fail(new KnotError('server.unavailable', message, hint));
      }
      resolve(certificate.toString());
      socket.destroy();
    });
  });
}

function normalized(fingerprint: string): string {
  return fingerprint
    .replace(/^sha256:/i, '')
    .replaceAll(':', '')
    .toLowerCase();
}
