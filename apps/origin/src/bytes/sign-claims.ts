import { sign, type KeyObject } from 'node:crypto';

/** `<claims>.<signature>`, both base64url; `context` keeps what one key signs for different ends apart. */
export function signClaims(claims: object, privateKey: KeyObject, context = ''): string {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${body}.${sign(null, Buffer.from(context + body), privateKey).toString('base64url')}`;
}
