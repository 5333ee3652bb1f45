import ssh2, { type AuthContext, type ParsedKey } from 'ssh2';

/** How somebody shows who they are, once the leaf has checked their ticket. */
export type Proof = 'key' | 'ticket';

/**
 * Takes one attempt to sign in: by one of `keys`, each `type base64`, or without any where a ticket is enough. What let
 * them in: the key, or '' for the ticket; null where nothing has yet.
 */
export function authenticate(context: AuthContext, proof: Proof, keys: readonly string[]): string | null {
  if (proof === 'ticket' && context.method === 'none') {
    context.accept();
    return '';
  }
  if (context.method !== 'publickey') return refused(context);
  const shown = context.key.data.toString('base64');
  const known = keys.find((key) => key.split(' ')[1] === shown);
  const key = known === undefined ? null : parsed(known);
  // a signature by RSA without a better hash is one by SHA-1
  if (!known || !key || (key.type === 'ssh-rsa' && context.hashAlgo === undefined)) return refused(context);
  const { signature, blob } = context;
  const isQuestion = signature === undefined || blob === undefined;
  if (!isQuestion && !key.verify(blob, signature, context.hashAlgo)) return refused(context);
  context.accept();
  return isQuestion ? null : known;
}

function refused(context: AuthContext): null {
  context.reject(['publickey']);
  return null;
}

function parsed(text: string): ParsedKey | null {
  const key = ssh2.utils.parseKey(text);
  return key instanceof Error ? null : key;
}
