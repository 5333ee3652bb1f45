import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TlsConfig } from '@knot/shared/config';
import { serverCertificate } from './server-certificate.js';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const YEAR_MS = 365 * 86_400_000;

let dataPath: string;

beforeEach(async () => {
  dataPath = await mkdtemp(join(tmpdir(), 'knot-certificate-'));
});

afterEach(() => rm(dataPath, { recursive: true }));

function configured(tls: Partial<TlsConfig> = {}, url = 'https://knot.example:3000', host = '') {
  return { tls: { useTls: true, agentUseTls: false, ...tls }, url, listen: { host, port: 3000 }, dataPath };
}

async function fingerprint(config: ReturnType<typeof configured>, now = NOW): Promise<string> {
  return (await serverCertificate(config, now))?.fingerprint ?? '';
}

describe('serverCertificate', () => {
  it('is none without TLS', async () => {
    expect(await serverCertificate(configured({ useTls: false }), NOW)).toBeNull();
  });

  it('makes one for the names a server is reached by, with a key for its owner only', async () => {
    const made = await serverCertificate(configured({}, 'https://[2001:db8::1]:3000', '10.1.2.3'), NOW);
    const parsed = new X509Certificate(made?.cert ?? '');
    for (const address of ['127.0.0.1', '10.1.2.3', '2001:db8::1']) expect(parsed.checkIP(address)).toBe(address);
    expect(parsed.checkHost('localhost')).toBe('localhost');
    expect(made?.fingerprint).toBe(parsed.fingerprint256);
    expect((await stat(join(dataPath, 'tls', 'key.pem'))).mode & 0o777).toBe(0o600);
  });

  it('stays the same over restarts, with an IPv6 address too, so that leaves can pin it', async () => {
    const config = configured({}, 'https://[2001:db8::1]:3000', '::');
    const first = await fingerprint(config);
    expect(await fingerprint(config, NOW + YEAR_MS)).toBe(first);
  });

  it('is made anew when a name is missing in it or it is about to end', async () => {
    const first = await fingerprint(configured());
    const renamed = await fingerprint(configured({}, 'https://other.example:3000'));
    const renewed = await fingerprint(configured({}, 'https://other.example:3000'), NOW + 3 * YEAR_MS);
    expect(new Set([first, renamed, renewed]).size).toBe(3);
  });

  it('shows configured files as they are, and names the key of one that cannot be read', async () => {
    const [certFile, keyFile] = [join(dataPath, 'cert.pem'), join(dataPath, 'key.pem')];
    await writeFile(certFile, 'the certificate');
    await expect(serverCertificate(configured({ certFile, keyFile }), NOW)).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringContaining('server.tls.key_file'),
    });
    await writeFile(keyFile, 'the key');
    const shown = await serverCertificate(configured({ certFile, keyFile }), NOW);
    expect(shown).toEqual({ cert: 'the certificate', key: 'the key', fingerprint: '' });
  });
});
