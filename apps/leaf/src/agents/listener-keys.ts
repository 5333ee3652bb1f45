import { X509Certificate } from 'node:crypto';
import type { sync } from '@knot/contract';
import { requestListener, type KeyAndCertificate } from '@knot/link';
import type { Clock } from '@knot/shared';
import type { LeafStore } from '@knot/shared/store';
import { MetSince } from '../bytes/met-since.js';
import { parseKeyPair, parseTicketKeys } from '../wire/parse-json.js';

/** A new certificate is asked for when less than this is left of the present one, ms. */
const RENEW_MS = 30 * 86_400_000;

/**
 * What lets agents and people know this leaf, and this leaf their tickets: its listener's key and certificate, the CA
 * that agents trust, the public keys that check tickets, and since when those are met here. All but the private key comes with the credential.
 */
export class ListenerKeys {
  listener: KeyAndCertificate | null = null;
  /** PEM, of this location; '' before the origin has named one. */
  agentCa = '';
  ticketKeys: Readonly<Record<string, string>> = {};
  readonly met: MetSince;
  private asked: { readonly key: string } | null = null;

  constructor(
    private readonly store: LeafStore,
    private readonly clock: Clock,
    private readonly onChange: () => void,
  ) {
    this.met = new MetSince(clock);
  }

  /** What was stored earlier counts at once, with or without an origin. */
  async recall(): Promise<void> {
    const [listener, agentCa] = [await this.store.secret('agent-listener'), await this.store.meta('agent-ca')];
    this.listener = parseKeyPair(listener);
    this.agentCa = agentCa ?? '';
    this.ticketKeys = parseTicketKeys(await this.store.meta('ticket-keys'));
    this.onChange();
  }

  get isDue(): boolean {
    if (this.listener === null || this.agentCa === '') return true;
    const { validTo } = new X509Certificate(this.listener.certificate);
    return Date.parse(validTo) - this.clock.now() < RENEW_MS;
  }

  /** The request to send along, empty where the present certificate is good. */
  async request(): Promise<Uint8Array> {
    if (!this.isDue) return new Uint8Array();
    const { key, csr } = await requestListener();
    this.asked = { key };
    return csr;
  }

  async take(answer: Pick<sync.EnrollResponse, 'agentCa' | 'listenerCertificate' | 'ticketKeys'>): Promise<void> {
    const { asked } = this;
    this.asked = null;
    if (asked && answer.listenerCertificate !== '') {
      this.listener = { key: asked.key, certificate: answer.listenerCertificate };
      await this.store.putSecret('agent-listener', JSON.stringify(this.listener));
    }
    if (answer.agentCa.length > 0) {
      this.agentCa = answer.agentCa.join('\n');
      await this.store.putMeta('agent-ca', this.agentCa);
    }
    if (Object.keys(answer.ticketKeys).length > 0) {
      this.ticketKeys = { ...answer.ticketKeys };
      await this.store.putMeta('ticket-keys', JSON.stringify(this.ticketKeys));
    }
    this.onChange();
  }
}
