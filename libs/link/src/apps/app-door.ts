import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { KnotError, toKnotError, type ErrorCode } from '@knot/shared/errors';
import type { ClientAddress } from '../client-address.js';
import { cookieNamed, type RequestChange } from './app-headers.js';
import { fromOwnPages, malformed, opensPage, pathWithin } from './app-request.js';
import { carryRequest, carryUpgrade } from './carry-app.js';
import { APP_ENTRY, refuse } from './refusal.js';

/** What says no to a person, as against what fails. */
const SAYS_NO: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['access.denied', 'resource.not_found', 'state.refused']);

/** How names of apps are made, as far as the door has to do with it. */
export interface AppHosts<Name> {
  readonly scheme: 'http' | 'https';
  /** `other` for a host that is not one of apps at all, null where host and path name no app. */
  parse(host: string, path: string): Name | null | 'other';
  /** The host name of an app, without a port, and what its paths begin with. */
  place(name: Name): { readonly host: string; readonly base: string };
}

export interface AppAsked<Name> {
  readonly name: Name;
  /** Host name without a port, lower case. */
  readonly host: string;
  /** What its paths begin with, without a slash at its end; '' where it has a host of its own. */
  readonly base: string;
  /** What a ticket or a cookie for it names: host and base. */
  readonly site: string;
  readonly cookie: string;
}

/** An app that somebody may open. */
export interface OpenedApp {
  /** Whether it is by somebody's sign-in: then its own pages alone may ask. */
  readonly personal: boolean;
  /** What the app asks for, where knot knows it. */
  readonly authorization?: string;
  connect(): Promise<Duplex>;
  /** Instead of that: it is not opened after all. */
  giveUp?(): void;
  /** Settles with `over`; `cut` comes once it may be open no more. */
  watch(cut: () => void, over: Promise<void>): Promise<void>;
}

export interface AppDoorPorts<Name> {
  readonly hosts: AppHosts<Name>;
  /** No port proxy at all. */
  readonly disabled: boolean;
  readonly addressOf: ClientAddress;
  /** Null where nobody is signed in and it is not public. Throws where somebody is who may not. */
  open(asked: AppAsked<Name>): Promise<OpenedApp | null>;
  /** A request to one of knot's own paths. */
  enter(request: IncomingMessage, response: ServerResponse, asked: AppAsked<Name>): Promise<void>;
  /** Where a browser goes that nobody is signed in with. */
  signInAddress(request: IncomingMessage): string | Promise<string>;
  /** Where a browser is told in its own words that an app is not opened; absent: it gets a page here. */
  closedAddress?(request: IncomingMessage, code: ErrorCode): string;
  /** The dashboard's address, for whoever is refused; '' where it is not known. */
  home(): string | Promise<string>;
  /** Somebody was refused, or something failed. */
  note(error: KnotError, address: string): void;
}

/** The name of the cookie at an app; browsers take the prefixes over https only, and `__Host-` for a whole host alone. */
export function appCookieName(scheme: 'http' | 'https', base: string): string {
  if (scheme === 'http') return 'knot-app';
  return base === '' ? '__Host-knot-app' : '__Secure-knot-app';
}

/** Requests to web apps of spaces, told from knot's own by their host: who may open one is joined to it. */
export class AppDoor<Name> {
  constructor(private readonly ports: AppDoorPorts<Name>) {}

  /** Whether the host is under the wildcard domain: such a request never gets anything of knot's own. */
  takes({ headers, url = '' }: Pick<IncomingMessage, 'headers' | 'url'>): boolean {
    return this.ports.hosts.parse(headers.host ?? '', url) !== 'other';
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => response.destroy());
    try {
      const asked = this.asked(request);
      const path = pathWithin(asked.base, request.url);
      if (path.startsWith(APP_ENTRY)) return await this.ports.enter(request, response, asked);
      if (!path.startsWith('/')) return moved(response, `${asked.base}/${path}`);
      const app = await this.opened(request, asked).catch((error: unknown) => this.closed(request, error));
      if (typeof app === 'string') return redirect(response, app);
      if (!app) return await this.sendToSignIn(request, response);
      const over = carryRequest(request, response, await app.connect(), this.change(request, asked, app));
      await app.watch(() => response.destroy(), over);
    } catch (error) {
      const known = this.noted(error, request);
      if (response.headersSent) response.destroy();
      else await this.refuse(request, response, known);
    }
  }

  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    try {
      const asked = this.asked(request);
      const app = await this.opened(request, asked);
      if (!app) throw new KnotError('auth.required', 'Nobody is signed in here.', 'Open the app in a window first.');
      const over = carryUpgrade(request, socket, head, await app.connect(), this.change(request, asked, app));
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
    const name = hosts.parse(request.headers.host ?? '', request.url ?? '');
    if (name === null || name === 'other' || disabled) {
      const hint = disabled ? 'server.disable_proxy is on.' : 'Apps are at <user>--<space>--<port> under this domain.';
      throw new KnotError('resource.not_found', 'There is no app at this address.', hint);
    }
    const { host, base } = hosts.place(name);
    const cookie = cookieNamed(request.headers.cookie ?? '', appCookieName(hosts.scheme, base));
    return { name, host, base, site: `${host}${base}`, cookie };
  }

  private async opened(request: IncomingMessage, asked: AppAsked<Name>): Promise<OpenedApp | null> {
    const app = await this.ports.open(asked);
    if (!app) return null;
    const own = `${this.ports.hosts.scheme}://${(request.headers.host ?? '').toLowerCase()}`;
    // a public app lets everybody in, so that nobody's sign-in is misused there
    if (!app.personal || fromOwnPages(request, own)) return app;
    app.giveUp?.();
    throw new KnotError('access.csrf', 'The request came from a page of another site.');
  }

  /** Where somebody goes who opened a page that is not for them, or not there; throws what is nothing of the kind. */
  private closed(request: IncomingMessage, error: unknown): string {
    const { code } = toKnotError(error);
    const address = SAYS_NO.has(code) && opensPage(request) ? this.ports.closedAddress?.(request, code) : undefined;
    if (address === undefined) throw error;
    this.noted(error, request);
    return address;
  }

  private change(request: IncomingMessage, { base }: AppAsked<Name>, { authorization }: OpenedApp): RequestChange {
    const { hosts, addressOf } = this.ports;
    const { scheme } = hosts;
    return {
      ownCookies: [appCookieName(scheme, base)],
      ...{ scheme, base, address: addressOf(request) },
      ...(authorization && { authorization }),
    };
  }

  private async sendToSignIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (opensPage(request)) return redirect(response, await this.ports.signInAddress(request));
    const text = 'Open the app in a window of its own: nobody is signed in.';
    refuse(request, response, { status: 401, code: 'auth.required', text });
  }

  private async refuse(request: IncomingMessage, response: ServerResponse, error: KnotError): Promise<void> {
    const { httpStatus: status, code, message, hint } = error;
    const text = [message, hint].filter((one) => one !== '').join(' ');
    // what is refused is told, whatever else is out of order
    const home = await Promise.resolve(this.ports.home()).catch(() => '');
    refuse(request, response, { status, code, text, home });
  }

  private noted(error: unknown, request: IncomingMessage): KnotError {
    const known = toKnotError(error);
    this.ports.note(known, this.ports.addressOf(request));
    return known;
  }
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(303, { location, 'cache-control': 'no-store', connection: 'close' }).end();
}

/** So that what a page names by a path relative to itself is found. */
function moved(response: ServerResponse, location: string): void {
  response.writeHead(308, { location, connection: 'close' }).end();
}
