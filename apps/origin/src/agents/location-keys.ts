import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { AGENT_SERVER_NAME, type sync } from '@knot/contract';
import { createAgentCa, signListener, type KeyAndCertificate } from '@knot/link';
import { sha256Hex, type KeyRing } from '@knot/shared';
import type { Store } from '@knot/shared/store';
import { keptSecret } from './kept-secret.js';
import { parseKeyAndCertificate } from './parse-key.js';

type LeafRequest = Pick<sync.EnrollRequest, 'location' | 'listenerCsr'>;
type LeafKeys = Pick<sync.EnrollResponse, 'agentCa' | 'listenerCertificate' | 'ticketKeys'>;

/** The keys of each location that never leave the origin: its agent CA, and the one that signs tickets. */
export class LocationKeys {
  private readonly tickets = new Map<string, Promise<TicketKey>>();

  constructor(
    private readonly store: Store,
    private readonly keys: KeyRing,
  ) {}

  /** What a leaf of the location gets with its credential. Throws `input.invalid` for a request that is none. */
  async forLeaf({ location, listenerCsr }: LeafRequest): Promise<LeafKeys> {
    const ticketKey = await this.ticketKey(location);
    const ticketKeys = { [ticketKey.id]: ticketKey.publicKey };
    // A leaf that asks for no certificate has one already, or serves no agents: no CA is made for it.
    if (listenerCsr.length === 0) return { agentCa: [], listenerCertificate: '', ticketKeys };
    const authority = await this.authority(location);
    const now = await this.store.now();
    const listenerCertificate = await signListener(authority, listenerCsr, AGENT_SERVER_NAME, now);
    return { agentCa: [authority.certificate], listenerCertificate, ticketKeys };
  }

  ticketKey(location: string): Promise<TicketKey> {
    const known = this.tickets.get(location);
    if (known) return known;
    const fresh = this.kept('ticket-key', location, async () => newTicketKey()).then(ticketKeyOf);
    this.tickets.set(location, fresh);
    fresh.catch(() => this.tickets.delete(location));
    return fresh;
  }

  private async authority(location: string): Promise<KeyAndCertificate> {
    const make = async () => JSON.stringify(await createAgentCa(location, await this.store.now()));
    return parseKeyAndCertificate(await this.kept('agent-ca', location, make));
  }

  private kept(kind: string, location: string, make: () => Promise<string>): Promise<string> {
    return keptSecret(this.store, this.keys, `${kind}:${location}`, make);
  }
}

export interface TicketKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  /** Raw, base64url. */
  readonly publicKey: string;
}

function newTicketKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function ticketKeyOf(pem: string): TicketKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '';
  return { id: sha256Hex(publicKey).slice(0, 16), privateKey, publicKey };
}
