import { X509Certificate } from 'node:crypto';
import { ok, type Check } from './check.js';

/** What the server's own listener shows. */
export interface ShownCertificate {
  /** ms since the epoch, both */
  readonly from: number;
  readonly to: number;
  /** Made by the server itself. */
  readonly own: boolean;
}

const DAY_MS = 86_400_000;
const WARNING_DAYS = 14;

/** Of PEM; the first certificate of a chain, which is the server's. */
export function shownCertificate(pem: string, own: boolean): ShownCertificate {
  const { validFrom, validTo } = new X509Certificate(pem);
  return { from: Date.parse(validFrom), to: Date.parse(validTo), own };
}

export function certificateCheck({ from, to, own }: ShownCertificate, now: number): Check {
  const code = 'tls.certificate-end';
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  if (now < from) {
    const sentence = `The certificate of this server holds from ${day(from)} only.`;
    return {
      code,
      severity: 'error',
      subject: '',
      sentence,
      advice: 'Look at the clock of this machine, and at the certificate.',
    };
  }
  if (to - now > WARNING_DAYS * DAY_MS) return ok(code, `The certificate of this server holds until ${day(to)}.`);
  const gone = to <= now;
  return {
    code,
    severity: gone ? 'error' : 'warning',
    subject: '',
    sentence: `The certificate of this server ${gone ? 'ended' : 'ends'} on ${day(to)}.`,
    advice: own
      ? 'Restart the server: it makes a new one. Leaves that pin origin_fingerprint need the new one from its log.'
      : 'Renew the files of server.tls and restart the server, which reads them at its start.',
  };
}
