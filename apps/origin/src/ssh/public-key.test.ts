import { describe, expect, it } from 'vitest';
import { bareKey, fingerprintOf, parsePublicKey } from './public-key.js';

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEjXqxGQ5ON/Sa4h7/B5O3SUQlRdO6Vaf8WSFTcfrXHz';

function field(text: string | Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.from(text).length);
  return Buffer.concat([length, Buffer.from(text)]);
}

function rsa(bytes: number): string {
  const modulus = Buffer.concat([Buffer.from([0]), Buffer.alloc(bytes, 0xff)]);
  return `ssh-rsa ${Buffer.concat([field('ssh-rsa'), field(Buffer.from([1, 0, 1])), field(modulus)]).toString('base64')}`;
}

describe('a public key', () => {
  it('is a line of a .pub file, with its comment made harmless', () => {
    expect(parsePublicKey(`  ${ED25519}   ann at\u001b[31m desk \n`)).toBe(`${ED25519} ann at?[31m desk`);
    expect(bareKey(`${ED25519} ann`)).toBe(ED25519);
    expect(parsePublicKey(rsa(256))).toBe(rsa(256));
  });

  it('has the fingerprint that ssh-keygen shows', () => {
    expect(fingerprintOf(`${ED25519} ann`)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });

  it.each([
    ['ssh-dss AAAA', 'no public key of SSH'],
    ['nonsense', 'no public key of SSH'],
    ['-----BEGIN OPENSSH PRIVATE KEY-----', 'a private key'],
    ['sk-ssh-ed25519@openssh.com AAAA', 'security tokens'],
    [`${ED25519.slice(0, -4)}`, 'cut short'],
    [ED25519.replace('ssh-ed25519', 'ssh-rsa'), 'cut short'],
    [`${ED25519}\nssh-ed25519`.replace('Hz\n', 'H z\n'), 'cut short'],
    [rsa(128), '2048 bits'],
  ])('is refused when it is none that counts: %s', (line, why) => {
    expect(() => parsePublicKey(line)).toThrow(why);
  });
});
