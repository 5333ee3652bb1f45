import { once } from 'node:events';
import type { ClientHttp2Stream } from 'node:http2';
import type { Duplex } from 'node:stream';
import { askingSession, clientTls, type AskingSession } from '@knot/link';
import type { Clock, Logger } from '@knot/shared';
import type { OriginRow } from '@knot/shared/store';
import { createWebSocketStream, WebSocket } from 'ws';
import type { Elsewhere } from '../bytes/leaf-links.js';
import { LOCATION_HEADER, ORIGIN_LINK_PATH } from './origin-door.js';
import type { OriginPasses } from './origin-passes.js';
import type { OriginRegistry } from './origin-registry.js';

/** One that does not answer by then is passed over, ms. */
const ANSWER_MS = 5_000;
/** Who serves is looked up again after this, ms. */
const KNOWN_MS = 3_000;

interface Found {
  readonly origin: string;
  readonly stream: Duplex;
}

/** The ways for bytes to leaves whose links hang on other origins of the store: one session to each of those. */
export class OtherOrigins implements Elsewhere {
  private readonly sessions = new Map<string, Promise<AskingSession>>();
  /** Which had the leaf of a location before. */
  private readonly before = new Map<string, string>();
  private known: { readonly rows: Promise<readonly OriginRow[]>; readonly since: number } | null = null;

  constructor(
    private readonly registry: Pick<OriginRegistry, 'others'>,
    private readonly passes: OriginPasses,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  async open(location: string): Promise<Duplex | null> {
    const others = await this.others();
    const had = this.before.get(location);
    const [first, rest] = [others.filter(({ id }) => id === had), others.filter(({ id }) => id !== had)];
    const found = (await this.first(first, location)) ?? (await this.first(rest, location));
    if (!found) return null;
    this.before.set(location, found.origin);
    return found.stream;
  }

  close(): void {
    for (const session of this.sessions.values()) {
      session.then(
        (made) => made.close(),
        () => undefined,
      );
    }
  }

  /** Of the first that has it; the same from others is given back. */
  private async first(origins: readonly OriginRow[], location: string): Promise<Found | null> {
    const asked = origins.map((origin) => this.ask(origin, location));
    const found = await Promise.any(asked).catch(() => null);
    for (const one of asked) {
      one.then(
        (late) => late !== found && late.stream.destroy(),
        () => undefined,
      );
    }
    return found;
  }

  private async ask(origin: OriginRow, location: string): Promise<Found> {
    try {
      const session = await this.session(origin);
      const stream = session.open({ [LOCATION_HEADER]: location });
      await answered(stream);
      return { origin: origin.id, stream };
    } catch (err) {
      this.logger.debug({ err, origin: origin.internalUrl }, 'another origin has no way to a leaf');
      throw err;
    }
  }

  private session(origin: OriginRow): Promise<AskingSession> {
    const known = this.sessions.get(origin.id);
    if (known) return known;
    const session = this.dial(origin);
    this.sessions.set(origin.id, session);
    const forget = (): void => {
      if (this.sessions.get(origin.id) === session) this.sessions.delete(origin.id);
    };
    session.then(({ over }) => over).then(forget, forget);
    return session;
  }

  private async dial({ id, internalUrl, certificate: fingerprint }: OriginRow): Promise<AskingSession> {
    const { protocol, hostname, port: given } = new URL(internalUrl);
    const tls = protocol === 'https:';
    const port = given === '' ? (tls ? 443 : 80) : Number(given);
    const host = hostname.replace(/^\[|\]$/g, '');
    const webSocket = new WebSocket(new URL(ORIGIN_LINK_PATH, internalUrl.replace(/^http/, 'ws')), {
      headers: { authorization: `Bearer ${await this.passes.issue(id)}` },
      handshakeTimeout: ANSWER_MS,
      perMessageDeflate: false,
      ...(await clientTls({ host, port, tls, ca: '', fingerprint })),
    });
    webSocket.on('error', () => webSocket.terminate());
    await once(webSocket, 'open');
    const session = await askingSession(createWebSocketStream(webSocket));
    void session.over.then(() => webSocket.terminate());
    return session;
  }

  private async others(): Promise<readonly OriginRow[]> {
    const now = this.clock.monotonic();
    if (!this.known || now - this.known.since > KNOWN_MS) this.known = { rows: this.registry.others(), since: now };
    const { known } = this;
    return known.rows.catch((error: unknown) => {
      if (this.known === known) this.known = null;
      throw error;
    });
  }
}

/** Throws where the other origin has no way there, or says nothing in time. */
async function answered(stream: ClientHttp2Stream): Promise<void> {
  const late = setTimeout(() => stream.destroy(), ANSWER_MS);
  try {
    const status = await new Promise<number>((resolve) => {
      stream.once('response', ({ ':status': said = 0 }) => resolve(said));
      stream.once('close', () => resolve(0));
    });
    if (status === 200) return;
    stream.destroy();
    throw new Error(`it answered ${status}`);
  } finally {
    clearTimeout(late);
  }
}
