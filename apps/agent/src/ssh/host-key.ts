import { createPrivateKey, createPublicKey } from 'node:crypto';

const TYPE = 'ssh-ed25519';
/** What stands before the 32 bytes of a secret Ed25519 key in PKCS #8. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The host key that these 32 bytes are the secret half of, as OpenSSH keeps one. */
export function openSshHostKey(seed: Buffer): string {
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'base64url');
  const check = number(0);
  const secret = padded(
    Buffer.concat([check, check, text(TYPE), text(publicKey), text(Buffer.concat([seed, publicKey])), text('')]),
  );
  const shown = text(Buffer.concat([text(TYPE), text(publicKey)]));
  const plain = [text('none'), text('none'), text('')];
  const whole = Buffer.concat([Buffer.from('openssh-key-v1\0'), ...plain, number(1), shown, text(secret)]);
  const lines = whole.toString('base64').replace(/(.{70})/g, '$1\n');
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}

function padded(bytes: Buffer): Buffer {
  const missing = (8 - (bytes.length % 8)) % 8;
  return Buffer.concat([bytes, Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, missing))]);
}
