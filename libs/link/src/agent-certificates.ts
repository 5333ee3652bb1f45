import type { webcrypto } from 'node:crypto';
import { KnotError } from '@knot/shared/errors';

const DAY_MS = 86_400_000;
const CA_DAYS = 3_650;
const LISTENER_DAYS = 90;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** PEM, as all keys and certificates here. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

/** A CA of one location, that its agents trust and nobody else. */
export async function createAgentCa(location: string, now: number): Promise<KeyAndCertificate> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [`knot agents of ${location}`] }],
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + CA_DAYS * DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  return { key: await pemOf(keys.privateKey), certificate: certificate.toString('pem') };
}

/** A key of a leaf's own, which never leaves it, and the request (DER) for its certificate. */
export async function requestListener(): Promise<{ readonly key: string; readonly csr: Uint8Array }> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=knot leaf',
    keys,
    signingAlgorithm: ALGORITHM,
  });
  return { key: await pemOf(keys.privateKey), csr: new Uint8Array(request.rawData) };
}

/**
 * A certificate of 90 days for the key of a request, under `name`; nothing else of the request counts. Throws
 * `input.invalid` for a request that is none, or whose sender does not have the key.
 */
export async function signListener(ca: KeyAndCertificate, csr: Uint8Array, name: string, now: number): Promise<string> {
  const x509 = await loadX509();
  const publicKey = await checkedKey(x509, csr);
  const issuer = new x509.X509Certificate(ca.certificate);
  const der = x509.PemConverter.decodeFirst(ca.key);
  const signingKey = await crypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=knot leaf',
    issuer: issuer.subject,
    publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + LISTENER_DAYS * DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
    ],
  });
  return certificate.toString('pem');
}

async function checkedKey(x509: X509, csr: Uint8Array) {
  try {
    const request = new x509.Pkcs10CertificateRequest(new Uint8Array(csr));
    if (await request.verify()) return request.publicKey;
  } catch (error) {
    throw new KnotError('input.invalid', 'The certificate request cannot be read.', '', {}, { cause: error });
  }
  throw new KnotError('input.invalid', 'The certificate request is not signed with its own key.');
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const x509 = await loadX509();
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

type X509 = typeof import('@peculiar/x509');

/** 10 MB of memory, needed once in 60 days. */
async function loadX509(): Promise<X509> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}
