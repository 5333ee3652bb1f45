import { bytesPath, GRANT_PROTOCOL, GRANT_USE_CONTEXT, TICKET_LIFE_MS, type GrantUse } from '@knot/contract/terminal';
import { randomUuid } from '../../api/random-uuid.js';

/** A new grant is asked for when less than this is left of the present one. */
const RENEW_MS = 6 * 60 * 60_000;

export interface Granted {
  readonly grant: string;
  /** ms since the epoch */
  readonly expiresAt: number;
}

export interface HeldGrantParts {
  /** Id. */
  readonly space: string;
  /** Asks the origin for one that names this public key. */
  readonly ask: (location: string, holder: string) => Promise<Granted>;
  /** ms since the epoch, as the server counts them */
  readonly now: () => number;
}

/** Where the space was reached straight. */
export interface KnownLeaf {
  readonly location: string;
  /** `wss://lon.example.net:3000` */
  readonly leaf: string;
}

export interface GrantedWay {
  readonly location: string;
  readonly url: string;
  /** Shown as a sub-protocol; good once. */
  readonly shown: string;
}

/**
 * What lets one terminal in again at its leaf while the origin is away. Its key can sign and cannot be read, not even by
 * the page itself; it goes with the terminal, as the grant does.
 */
export class HeldGrant {
  private key: Promise<CryptoKeyPair> | null = null;
  private held: (KnownLeaf & Granted) | null = null;

  constructor(private readonly parts: HeldGrantParts) {}

  /** Whether there is a way without the origin. */
  get isGood(): boolean {
    return this.held !== null && this.held.expiresAt > this.parts.now();
  }

  /** The space has just been reached straight. Without a grant all goes on as long as the origin is there. */
  async keep(known: KnownLeaf): Promise<void> {
    const { held, parts } = this;
    if (held?.location === known.location && held.expiresAt - parts.now() > RENEW_MS) {
      this.held = { ...held, ...known };
      return;
    }
    try {
      this.key ??= newKey();
      const { publicKey } = await this.key;
      const holder = base64url(await crypto.subtle.exportKey('raw', publicKey));
      this.held = { ...known, ...(await parts.ask(known.location, holder)) };
    } catch {
      // browsers of before have no such keys, and over plain http there are none at all
    }
  }

  /** Null where there is none. */
  async way(): Promise<GrantedWay | null> {
    const { held, key, parts } = this;
    if (!held || !key || !this.isGood) return null;
    const { location, leaf, grant } = held;
    const use: GrantUse = {
      id: randomUuid(),
      space: parts.space,
      action: 'terminal',
      host: new URL(leaf).host,
      until: parts.now() + TICKET_LIFE_MS,
    };
    const body = base64url(utf8(JSON.stringify(use)));
    const signed = await crypto.subtle.sign('Ed25519', (await key).privateKey, utf8(GRANT_USE_CONTEXT + body));
    const shown = `${GRANT_PROTOCOL}${grant}~${body}.${base64url(signed)}`;
    return { location, url: leaf + bytesPath(parts.space, 'terminal'), shown };
  }
}

async function newKey(): Promise<CryptoKeyPair> {
  const key = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
  if ('privateKey' in key) return key;
  throw new Error('This browser makes no pair of keys.');
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function base64url(bytes: ArrayBuffer | Uint8Array<ArrayBuffer>): string {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
