import { createHash } from 'node:crypto';
import { KnotError } from '@knot/shared/errors';

const CURVES = ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'];
const TYPES = ['ssh-ed25519', ...CURVES, 'ssh-rsa'];
/** Bytes of a modulus of 2,048 bits, with the zero before it. */
const SHORTEST_RSA = 257;
const LONGEST = 4_096;
const LONGEST_COMMENT = 100;

/** A line of a `.pub` file as it is kept. Throws `input.invalid` for anything that is no public key that counts here. */
export function parsePublicKey(line: string): string {
  const [type = '', base64 = '', ...comment] = line.trim().split(/\s+/);
  if (/PRIVATE KEY/.test(line)) {
    throw refused('This is a private key: it must never leave its machine.', 'Send the file that ends in .pub.');
  }
  if (/^sk-/.test(type)) {
    throw refused('Keys of security tokens (sk-...) cannot be checked here yet.', 'Use a key of the type ssh-ed25519.');
  }
  if (!TYPES.includes(type)) {
    const hint = 'Send one line of a file like ~/.ssh/id_ed25519.pub.';
    throw refused(`This is no public key of SSH of the types ${TYPES.join(', ')}.`, hint);
  }
  const blob = Buffer.from(base64, 'base64');
  const fields = fieldsOf(blob);
  const whole = blob.toString('base64') === base64 && fields?.[0]?.toString() === type && base64.length <= LONGEST;
  if (!whole || fields.length < 2) throw refused('The key is cut short or changed.', 'Copy the whole line again.');
  if (type === 'ssh-rsa' && (fields[2]?.length ?? 0) < SHORTEST_RSA) {
    throw refused('RSA keys have 2048 bits or more.', 'Make a new one: ssh-keygen -t ed25519');
  }
  const said = comment
    .join(' ')
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, LONGEST_COMMENT);
  return [type, base64, ...(said === '' ? [] : [said])].join(' ');
}

/** Type and key, without the comment. */
export function bareKey(key: string): string {
  return key.split(' ').slice(0, 2).join(' ');
}

/** What `ssh-keygen -l` shows. */
export function fingerprintOf(key: string): string {
  const digest = createHash('sha256')
    .update(Buffer.from(key.split(' ')[1] ?? '', 'base64'))
    .digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** The parts of a key, each with its length before it; null where it does not end where it should. */
function fieldsOf(blob: Buffer): readonly Buffer[] | null {
  const fields: Buffer[] = [];
  let at = 0;
  while (at + 4 <= blob.length) {
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return null;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return at === blob.length ? fields : null;
}

function refused(message: string, hint: string): KnotError {
  return new KnotError('input.invalid', message, hint);
}
