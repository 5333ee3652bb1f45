import { createPublicKey, verify } from 'node:crypto';

const LONGEST = 2_048;

/** `<claims>.<signature>` as it was shown. */
export interface SignedText {
  /** JSON, believed by nobody before the signature is checked. */
  readonly claims: string;
  /** By an Ed25519 public key, raw, base64url. */
  isBy(publicKey: string): boolean;
}

/** Null for what has not that form; `context` is what the signer put before the claims. */
export function signedText(text: string, context = ''): SignedText | null {
  const [, body = '', signature = ''] = /^([\w-]+)\.([\w-]+)$/.exec(text) ?? [];
  if (body === '' || text.length > LONGEST) return null;
  return {
    claims: Buffer.from(body, 'base64url').toString(),
    isBy: (x) => {
      const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
      return verify(null, Buffer.from(context + body), key, Buffer.from(signature, 'base64url'));
    },
  };
}

/** What may be used once: ids are kept until they would have run out anyway. */
export class UsedOnce {
  private readonly used = new Map<string, number>();

  /** False where it was used before. */
  use(id: string, until: number, now: number): boolean {
    for (const [known, end] of this.used) if (end <= now) this.used.delete(known);
    if (this.used.has(id)) return false;
    this.used.set(id, until);
    return true;
  }

  /** Ids, each with until when it is kept. */
  list(): readonly (readonly [string, number])[] {
    return [...this.used];
  }
}
