import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { PORT_HOST_HEADER } from '@knot/contract';
import { appHost, parseAppHost, type AppDomain, type AppName } from '@knot/domain';
import {
  carryRequest,
  carryUpgrade,
  cookieNamed,
  fromOwnPages,
  malformed,
  opensPage,
  refuse,
  type RequestChange,
} from '@knot/link';
import type { Logger } from '@knot/shared';
import { KnotError, toKnotError } from '@knot/shared/errors';
import type { Refusals } from '../audit/refusals.js';
import type { AppAccess, OpenApp } from './app-access.js';
import { appCookieName, APP_ENTRY, type AppEntry } from './app-entry.js';
import type { OpenUses } from '../bytes/open-uses.js';
import type { SpaceWays } from '../bytes/space-ways.js';

export interface AppDoorParts {
  readonly domain: AppDomain;
  /** No port proxy at all. */
  readonly disabled: boolean;
  readonly access: AppAccess;
  readonly entry: AppEntry;
  readonly ways: SpaceWays;
  readonly uses: OpenUses;
  readonly refusals: Refusals;
  /** What the desktop of a space asks for. */
  readonly desktopPassword: (space: OpenApp['space']) => string;
  readonly logger: Logger;
}

interface Asked {
  readonly name: AppName;
  /** Host name without a port, lower case. */
  readonly host: string;
  readonly cookie: string;
}

/** Requests to web apps of spaces, told from knot's own by their host: who may open one is joined to it. */
export class AppDoor {
  constructor(private readonly parts: AppDoorParts) {}

  /** Whether the host is under the wildcard domain: such a request never gets anything of knot's own. */
  takes({ headers }: IncomingMessage): boolean {
    return parseAppHost(this.parts.domain, headers.host ?? '') !== 'other';
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => response.destroy());
    try {
      const asked = this.asked(request);
      if ((request.url ?? '').startsWith(APP_ENTRY)) {
        return await this.parts.entry.enter(request, response, asked);
      }
      const app = await this.opened(request, asked);
      if (!app) return this.sendToSignIn(request, response);
      const way = await this.way(app, asked);
      const over = carryRequest(request, response, way, this.change(request, app));
      await this.watched(app, asked, over, () => response.destroy());
    } catch (error) {
      const known = this.noted(error, request);
      if (response.headersSent) response.destroy();
      else refuse(response, known.httpStatus, sentenceOf(known));
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    try {
      const asked = this.asked(request);
      const app = await this.opened(request, asked);
      if (!app) throw new KnotError('auth.required', 'Nobody is signed in here.', 'Open the app in a window first.');
      const way = await this.way(app, asked);
      const over = carryUpgrade(request, socket, head, way, this.change(request, app));
      await this.watched(app, asked, over, () => socket.destroy());
    } catch (error) {
      const { httpStatus, code } = this.noted(error, request);
      socket.end(`HTTP/1.1 ${httpStatus} ${code}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
  }

  private asked(request: IncomingMessage): Asked {
    const { domain, disabled } = this.parts;
    const trouble = malformed(request);
    if (trouble) throw new KnotError('input.invalid', trouble);
    const name = parseAppHost(domain, request.headers.host ?? '');
    if (name === null || name === 'other' || disabled) {
      const hint = disabled ? 'server.disable_proxy is on.' : 'Apps are at <user>--<space>--<port> under this domain.';
      throw new KnotError('resource.not_found', 'There is no app at this address.', hint);
    }
    return {
      name,
      host: appHost(domain, name),
      cookie: cookieNamed(request.headers.cookie ?? '', appCookieName(domain)),
    };
  }

  private async opened(request: IncomingMessage, { name, host, cookie }: Asked): Promise<OpenApp | null> {
    const { access, domain, uses } = this.parts;
    const app = await access.open(name, host, cookie);
    if (!app) return null;
    // a public app lets everybody in, so that nobody's sign-in is misused there
    if (
      app.actor !== null &&
      !fromOwnPages(request, `${domain.scheme}://${(request.headers.host ?? '').toLowerCase()}`)
    ) {
      throw new KnotError('access.csrf', 'The request came from a page of another site.');
    }
    uses.assertRoom(app.space.id);
    return app;
  }

  private way({ space, port, actor }: OpenApp, { host }: Asked): Promise<Duplex> {
    const { location, id } = space;
    const way = { action: 'port', space: id, port: port.port } as const;
    return this.parts.ways.open({ location, user: actor?.id ?? '', way }, { [PORT_HOST_HEADER]: host });
  }

  private watched(app: OpenApp, { name, host, cookie }: Asked, over: Promise<void>, cut: () => void): Promise<void> {
    const shown = app.actor === null ? '' : cookie;
    const still = async () => {
      try {
        return (await this.parts.access.open(name, host, shown)) !== null;
      } catch (error) {
        // what is merely not offered for a moment ends by itself
        return toKnotError(error).code === 'resource.not_found' ? this.isStillTheirs(app, name) : false;
      }
    };
    return this.parts.uses.watch(app.space.id, { key: `${host} ${shown}`, still, cut }, over);
  }

  private async isStillTheirs({ space }: OpenApp, name: AppName): Promise<boolean> {
    const now = await this.parts.access.spaceOf(name);
    return now?.id === space.id && now.ownerId === space.ownerId;
  }

  private change(request: IncomingMessage, { space, port }: OpenApp): RequestChange {
    const { domain, desktopPassword } = this.parts;
    const basic = () => Buffer.from(`knot:${desktopPassword(space)}`).toString('base64');
    return {
      ownCookies: [appCookieName(domain)],
      scheme: domain.scheme,
      address: request.socket.remoteAddress ?? '',
      ...(port.kind === 'desktop' && { authorization: `Basic ${basic()}` }),
    };
  }

  private sendToSignIn(request: IncomingMessage, response: ServerResponse): void {
    if (!opensPage(request))
      return refuse(response, 401, 'Open the app in a window of its own: nobody is signed in.\n');
    const location = this.parts.entry.signInAddress(request);
    response.writeHead(303, { location, 'cache-control': 'no-store', connection: 'close' }).end();
  }

  private noted(error: unknown, request: IncomingMessage): KnotError {
    const known = toKnotError(error);
    const { refusals, logger } = this.parts;
    const address = request.socket.remoteAddress ?? '';
    refusals.note(known, { actor: '', address, action: 'app.open' });
    if (known.code === 'internal') logger.warn({ err: known }, 'a request to an app failed');
    return known;
  }
}

function sentenceOf({ message, hint }: KnotError): string {
  return `${[message, hint].filter((text) => text !== '').join(' ')}\n`;
}
