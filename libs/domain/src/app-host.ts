import type { SpacePort } from './space/observed.js';

/** How web ports of spaces are named: `<scheme>://<user>--<space>--<port><suffix>`. */
export interface AppDomain {
  readonly scheme: 'http' | 'https';
  /** `.apps.example.com`, lower case, without a port. */
  readonly suffix: string;
  /** `:8443`, or empty. */
  readonly port: string;
}

/** What the name of an app says. */
export interface AppName {
  readonly user: string;
  readonly space: string;
  /** A number, the name of a kind, or the label that a port was given; lower case. */
  readonly port: string;
}

/** The label of a desktop, as people know it. */
const DESKTOP = 'vnc';
const LONGEST_LABEL = 63;

/** From `server.wildcard_domain` (`*.apps.example.com:8443`) and `server.url`; null where there is none. */
export function appDomain(wildcard: string, url: string): AppDomain | null {
  const [, suffix = '', port = ''] = /^\*(\.[^:]+)(:\d+)?$/.exec(wildcard.toLowerCase()) ?? [];
  if (suffix === '') return null;
  const own = URL.parse(url);
  const ownPort = own && own.port !== '' ? `:${own.port}` : '';
  return { scheme: own?.protocol === 'http:' ? 'http' : 'https', suffix, port: port === '' ? ownPort : port };
}

/** Where a browser opens a port; '' where it is no web page or its name would be too long for a host name. */
export function appAddress(
  { scheme, suffix, port: ownPort }: AppDomain,
  { user, space, port }: { readonly user: string; readonly space: string; readonly port: SpacePort },
): string {
  if (port.protocol === 'tcp') return '';
  const label = `${user}--${space}--${nameOf(port)}`.toLowerCase();
  return label.length > LONGEST_LABEL ? '' : `${scheme}://${label}${suffix}${ownPort}/`;
}

/** The host name of an app, without a port: what `parseAppHost` reads. */
export function appHost({ suffix }: AppDomain, { user, space, port }: AppName): string {
  return `${user}--${space}--${port}${suffix}`;
}

/**
 * What a Host header names: `other` where it is no name under the domain at all, null where it is under it and names no
 * app. Case, a port and a final dot tell nothing.
 */
export function parseAppHost({ suffix }: AppDomain, host: string): AppName | null | 'other' {
  const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
  if (!name.endsWith(suffix)) return 'other';
  const parts = name.slice(0, -suffix.length).split('--');
  const [user = '', space = '', port = ''] = parts;
  const good = parts.length === 3 && parts.every((part) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(part));
  return good ? { user, space, port } : null;
}

/** The port that a name means, of those that are offered as web pages: by number, kind or label. */
export function portNamed(ports: readonly SpacePort[], name: string): SpacePort | null {
  const web = ports.filter(({ protocol }) => protocol !== 'tcp');
  return (
    web.find((port) => nameOf(port) === name) ??
    web.find(({ port }) => String(port) === name) ??
    web.find(({ label }) => label !== '' && label.toLowerCase() === name) ??
    null
  );
}

function nameOf({ port, kind }: SpacePort): string {
  if (kind === undefined) return String(port);
  return kind === 'desktop' ? DESKTOP : kind;
}
