import type { IncomingMessage } from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import { PROXY_PATH, parseProxyPath } from '@knot/contract';
import { may } from '@knot/domain';
import type { ClientAddress } from '@knot/link';
import type { Clock } from '@knot/shared';
import { KnotError, toKnotError } from '@knot/shared/errors';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { Refusals } from '../audit/refusals.js';
import type { OpenUses } from '../bytes/open-uses.js';
import { refusal } from '../deeds/check.js';
import type { Deeds } from '../deeds/deeds.js';
import type { Proven } from '../http/request-identity.js';
import type { Proofs } from '../identity/proofs.js';
import type { ServiceProxy } from './service-proxy.js';

const LONGEST_MESSAGE = 1024 * 1024;

export interface ProxyDoorParts {
  readonly proxy: ServiceProxy;
  readonly proofs: Pick<Proofs, 'ofToken' | 'again'>;
  readonly deeds: Deeds;
  readonly uses: OpenUses;
  readonly refusals: Pick<Refusals, 'note'>;
  readonly addressOf: ClientAddress;
  readonly clock: Clock;
}

/** Where `knot proxy` comes in: a WebSocket of bytes, by an API token and never by a cookie. */
export class ProxyDoor {
  private readonly sockets = new WebSocketServer({
    ...{ noServer: true, perMessageDeflate: false, maxPayload: LONGEST_MESSAGE },
  });

  constructor(private readonly parts: ProxyDoorParts) {}

  takes({ url = '' }: IncomingMessage): boolean {
    return url.startsWith(PROXY_PATH);
  }

  /** Throws `auth.failed` and `access.denied` as the API does, `server.unavailable` where nothing answers. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { proofs, refusals, addressOf } = this.parts;
    let actor = '';
    try {
      // a page of another site makes a browser show its cookies, but no token
      const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const who = await proofs.ofToken(token);
      if (!who)
        throw new KnotError('auth.failed', 'The token is not known, or has ended.', 'Make a new one: knot connect.');
      actor = who.actor.username;
      await this.open(who, request, socket, head);
    } catch (error) {
      refusals.note(toKnotError(error), { actor, address: addressOf(request), action: 'proxy.open' });
      throw error;
    }
  }

  private async open(who: Proven, request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { proxy, uses, deeds, addressOf } = this.parts;
    const ruling = this.ruling(who);
    if (!ruling.granted) throw refusal(ruling);
    const asked = parseProxyPath(request.url ?? '');
    if (!asked) throw new KnotError('input.invalid', 'A service is a host name and a port.', 'As db.internal 5432.');
    // bounded as what is open to a space is
    const key = `proxy ${who.actor.id}`;
    uses.assertRoom(key);
    const target = await proxy.target(asked.host, asked.port);
    const { host, address, port } = target;
    await deeds.do({ name: who.actor.username, address: addressOf(request), idempotency: null }, async () => ({
      ...{ expect: [], writes: [], answer: null },
      audit: { action: 'proxy.open', subjectKind: 'server', subjectId: '', details: { host, address, port } },
    }));
    const service = await proxy.dial(target);
    if (socket.destroyed) return void service.destroy();
    // whoever then asks for no WebSocket that there is, too
    socket.once('close', () => service.destroy());
    this.sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const stream = createWebSocketStream(webSocket);
      // how a client ends its side, which a WebSocket has no other word for
      webSocket.on('message', (data: Buffer) => data.length === 0 && stream.push(null));
      const cut = () => {
        webSocket.terminate();
        service.destroy();
      };
      const over = new Promise<void>((resolve) => {
        pipeline(stream, service, stream, () => {
          cut();
          resolve();
        });
      });
      const still = async () => {
        const now = await this.parts.proofs.again(who.proofId);
        return now !== null && this.ruling(now).granted;
      };
      void uses.watch(key, { key: `${key} ${who.proofId}`, still, cut }, over);
    });
  }

  private ruling({ actor }: Proven) {
    return may(actor, 'proxy.open', this.parts.clock.now());
  }
}
