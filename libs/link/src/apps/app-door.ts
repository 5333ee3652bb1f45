import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { KnotError, toKnotError } from '@knot/shared/errors';
import { cookieNamed, type RequestChange } from './app-headers.js';
import { fromOwnPages, malformed, opensPage } from './app-request.js';
import { carryRequest, carryUpgrade, refuse } from './carry-app.js';

/** Paths at an app's host that are knot's own. */
export const APP_ENTRY = '/.knot/';

/** How names of apps are made, as far as the door has to do with it. */
export interface AppHosts<Name> {
  readonly scheme: 'http' | 'https';
  /** `other` for a host that is not under the domain of apps at all, null where it names no app. */
  parse(host: string): Name | null | 'other';
  /** Host name of an app, without a port. */
  host(name: Name): string;
}

export interface AppAsked<Name> {
  readonly name: Name;
  /** Host name without a port, lower case. */
  readonly host: string;
  readonly cookie: string;
}

/** An app that somebody may open. */
export interface OpenedApp {
  /** Whether it is by somebody's sign-in: then its own pages alone may ask. */
  readonly personal: boolean;
  /** What the app asks for, where knot knows it. */
  readonly authorization?: string;
  connect(): Promise<Duplex>;
  /** Settles with `over`; `cut` comes once it may be open no more. */
  watch(cut: () => void, over: Promise<void>): Promise<void>;
}

export interface AppDoorPorts<Name> {
  readonly hosts: AppHosts<Name>;
  /** No port proxy at all. */
  readonly disabled: boolean;
  /** Null where nobody is signed in and it is not public. Throws where somebody is who may not. */
  open(asked: AppAsked<Name>): Promise<OpenedApp | null>;
  /** A request to one of knot's own paths. */
  enter(request: IncomingMessage, response: ServerResponse, asked: AppAsked<Name>): Promise<void>;
  /** Where a browser goes that nobody is signed in with. */
  signInAddress(request: IncomingMessage): string | Promise<string>;
  /** Somebody was refused, or something failed. */
  note(error: KnotError, request: IncomingMessage): void;
}

/** The name of the cookie at an app's host; browsers take the prefix over https only. */
export function appCookieName({ scheme }: { readonly scheme: 'http' | 'https' }): string {
  return scheme === 'https' ? '__Host-knot-app' : 'knot-app';
}

/** Requests to web apps of spaces, told from knot's own by their host: who may open one is joined to it. */
export class AppDoor<Name> {
  constructor(private readonly ports: AppDoorPorts<Name>) {}

  /** Whether the host is under the wildcard domain: such a request never gets anything of knot's own. */
  takes({ headers }: IncomingMessage): boolean {
    return this.ports.hosts.parse(headers.host ?? '') !== 'other';
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => response.destroy());
    try {
      const asked = this.asked(request);
      if ((request.url ?? '').startsWith(APP_ENTRY)) return await this.ports.enter(request, response, asked);
      const app = await this.opened(request, asked);
      if (!app) return await this.sendToSignIn(request, response);
      const over = carryRequest(request, response, await app.connect(), this.change(request, app));
      await app.watch(() => response.destroy(), over);
    } catch (error) {
      const known = this.noted(error, request);
      if (response.headersSent) response.destroy();
      else refuse(response, known.httpStatus, sentenceOf(known));
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    try {
      const app = await this.opened(request, this.asked(request));
      if (!app) throw new KnotError('auth.required', 'Nobody is signed in here.', 'Open the app in a window first.');
      const over = carryUpgrade(request, socket, head, await app.connect(), this.change(request, app));
      await app.watch(() => socket.destroy(), over);
    } catch (error) {
      const { httpStatus, code } = this.noted(error, request);
      socket.end(`HTTP/1.1 ${httpStatus} ${code}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
  }

  private asked(request: IncomingMessage): AppAsked<Name> {
    const { hosts, disabled } = this.ports;
    const trouble = malformed(request);
    if (trouble) throw new KnotError('input.invalid', trouble);
    const name = hosts.parse(request.headers.host ?? '');
    if (name === null || name === 'other' || disabled) {
      const hint = disabled ? 'server.disable_proxy is on.' : 'Apps are at <user>--<space>--<port> under this domain.';
      throw new KnotError('resource.not_found', 'There is no app at this address.', hint);
    }
    const cookie = cookieNamed(request.headers.cookie ?? '', appCookieName(hosts));
    return { name, host: hosts.host(name), cookie };
  }

  private async opened(request: IncomingMessage, asked: AppAsked<Name>): Promise<OpenedApp | null> {
    const app = await this.ports.open(asked);
    if (!app) return null;
    const own = `${this.ports.hosts.scheme}://${(request.headers.host ?? '').toLowerCase()}`;
    // a public app lets everybody in, so that nobody's sign-in is misused there
    if (!app.personal || fromOwnPages(request, own)) return app;
    throw new KnotError('access.csrf', 'The request came from a page of another site.');
  }

  private change(request: IncomingMessage, { authorization }: OpenedApp): RequestChange {
    const { hosts } = this.ports;
    const address = request.socket.remoteAddress ?? '';
    return {
      ownCookies: [appCookieName(hosts)],
      scheme: hosts.scheme,
      address,
      ...(authorization && { authorization }),
    };
  }

  private async sendToSignIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!opensPage(request))
      return refuse(response, 401, 'Open the app in a window of its own: nobody is signed in.\n');
    const location = await this.ports.signInAddress(request);
    response.writeHead(303, { location, 'cache-control': 'no-store', connection: 'close' }).end();
  }

  private noted(error: unknown, request: IncomingMessage): KnotError {
    const known = toKnotError(error);
    this.ports.note(known, request);
    return known;
  }
}

function sentenceOf({ message, hint }: KnotError): string {
  return `${[message, hint].filter((text) => text !== '').join(' ')}\n`;
}
