import { createPrivateKey } from 'node:crypto';

/** How a leaf is reached without its origin. */
export interface KnownLeaf {
  readonly grant: string;
  /** ms since the epoch */
  readonly expiresAt: number;
  /** Its address, and the SHA-256 of the certificate that it made itself; else ''. */
  readonly direct: string;
  readonly fingerprint: string;
}

export interface KnownSpace {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly location: string;
  readonly hostKey: string;
}

/** What is remembered of one server, so that people get into their spaces while it is away. */
export interface KnownWay {
  /** PEM of the private key that its grants are bound to. */
  readonly key: string;
  readonly leaves: Readonly<Record<string, KnownLeaf>>;
  readonly spaces: readonly KnownSpace[];
}

/** What is remembered, by the address of each server; whatever is not as it should be is left out. */
export function parseKnown(text: string): Readonly<Record<string, KnownWay>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(JSON.parse(text))).map(([server, value]) => [server, wayOf(value)]),
  );
}

function wayOf(value: unknown): KnownWay {
  const { key, leaves, spaces } = fieldsOf(value);
  const known = Object.entries(fieldsOf(leaves)).flatMap(([location, leaf]) => {
    const parsed = leafOf(leaf);
    return parsed ? [[location, parsed] as const] : [];
  });
  // grants are good with the key alone that they are bound to
  const good = isText(key) && isKey(key);
  return {
    key: good ? key : '',
    leaves: good ? Object.fromEntries(known) : {},
    spaces: Array.isArray(spaces) ? spaces.flatMap((space) => spaceOf(space) ?? []) : [],
  };
}

function leafOf(value: unknown): KnownLeaf | null {
  const { grant, expiresAt, direct, fingerprint } = fieldsOf(value);
  if (!isText(grant) || !isText(direct) || !isText(fingerprint) || typeof expiresAt !== 'number') return null;
  return { grant, expiresAt, direct, fingerprint };
}

function spaceOf(value: unknown): KnownSpace | null {
  const { id, name, owner, location, hostKey } = fieldsOf(value);
  if (!isText(id) || !isText(name) || !isText(owner) || !isText(location) || !isText(hostKey)) return null;
  return { id, name, owner, location, hostKey };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isKey(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
