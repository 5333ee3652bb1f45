import { X509Certificate } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { readIfThere, replaceFile } from '@knot/shared/files';

const DAY_MS = 86_400_000;
const LIFE_DAYS = 825;
/** A new one is made this long before the old one ends. */
const RENEW_DAYS = 30;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface OwnCertificate {
  readonly key: string;
  readonly cert: string;
  /** sha256, hex pairs with colons: what a leaf's `origin_fingerprint` names. */
  readonly fingerprint: string;
}

/**
 * A certificate of the server's own, for when no files are configured: made once, kept under `folder`
 * (key 0600), the same over restarts so that leaves can pin it.
 */
export async function ownCertificate(folder: string, names: readonly string[], now: number): Promise<OwnCertificate> {
  return (await kept(folder, names, now)) ?? (await made(folder, names, now));
}

async function kept(folder: string, names: readonly string[], now: number): Promise<OwnCertificate | null> {
  const [key, cert] = await Promise.all([readIfThere(join(folder, 'key.pem')), readIfThere(join(folder, 'cert.pem'))]);
  if (key === null || cert === null) return null;
  const parsed = new X509Certificate(cert);
  const fresh = Date.parse(parsed.validTo) - now > RENEW_DAYS * DAY_MS;
  const covers = names.every(
    (name) => (isIP(name) === 0 ? parsed.checkHost(name) : parsed.checkIP(name)) !== undefined,
  );
  return fresh && covers ? { key, cert, fingerprint: parsed.fingerprint256 } : null;
}

async function made(folder: string, names: readonly string[], now: number): Promise<OwnCertificate> {
  // 10 MB of memory that a server without a certificate of its own, or with one already, does not need
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=knot',
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + LIFE_DAYS * DAY_MS),
    extensions: [
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
    ],
  });
  const der = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  const key = x509.PemConverter.encode(der, 'PRIVATE KEY');
  const cert = certificate.toString('pem');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await replaceFile(join(folder, 'key.pem'), key);
  await replaceFile(join(folder, 'cert.pem'), cert);
  return { key, cert, fingerprint: new X509Certificate(cert).fingerprint256 };
}
