import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAgentCa, requestListener, signListener } from './agent-certificates.js';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const NAME = 'leaf.agents.example';

describe('the certificates that agents trust', () => {
  it('are signed by the CA of their location for 90 days and one name, over the key of the leaf', async () => {
    const ca = await createAgentCa('lon', NOW);
    const { csr } = await requestListener();
    const certificate = new X509Certificate(await signListener(ca, csr, NAME, NOW));
    expect(certificate.verify(new X509Certificate(ca.certificate).publicKey)).toBe(true);
    expect(certificate.checkHost(NAME)).toBe(NAME);
    expect(certificate.checkHost('other.example')).toBeUndefined();
    expect(certificate.ca).toBe(false);
    expect(Math.round((Date.parse(certificate.validTo) - NOW) / 86_400_000)).toBe(90);
  });

  it('of one location are not those of another', async () => {
    const [ca, other] = [await createAgentCa('lon', NOW), await createAgentCa('par', NOW)];
    const { csr } = await requestListener();
    const certificate = new X509Certificate(await signListener(ca, csr, NAME, NOW));
    expect(certificate.verify(new X509Certificate(other.certificate).publicKey)).toBe(false);
  });

  it('are refused to whoever sends no request, or one that was changed', async () => {
    const ca = await createAgentCa('lon', NOW);
    const { csr } = await requestListener();
    const changed = csr.with(csr.length - 1, (csr.at(-1) ?? 0) ^ 1);
    for (const bad of [changed, new Uint8Array([1, 2, 3])]) {
      await expect(signListener(ca, bad, NAME, NOW)).rejects.toMatchObject({ code: 'input.invalid' });
    }
  });
});
