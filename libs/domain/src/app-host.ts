import type { SpacePort } from './space/observed.js';

/** How web ports of spaces are named: `<scheme>://<user>--<space>--<port><suffix>`. */
export interface AppDomain {
  readonly scheme: 'http' | 'https';
  /** `.apps.example.com`, lower case, without a port. */
  readonly suffix: string;
  /** `:8443`, or empty. */
  readonly port: string;
  /** The host name of the server itself: no app's, though it may be under the domain. */
  readonly own: string;
}

/** One host for all of them, where no wildcard name can be had: `<scheme>://<host>/<user>--<space>--<port>/`. */
export interface AppPaths {
  readonly scheme: 'http' | 'https';
  /** Lower case, without a port. */
  readonly host: string;
  /** `:8443`, or empty. */
  readonly port: string;
}

export type AppNaming = AppDomain | AppPaths;

/** Where an app is found under its naming. */
export interface AppPlace {
  /** Host name without a port. */
  readonly host: string;
  /** What its paths begin with, `/ada--work--8080`; '' where it has a host of its own. */
  readonly base: string;
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

/** From `server.wildcard_domain` (`*.apps.example.com:8443`) and the server's own address; null where there is none. */
export function appDomain(wildcard: string, url: string): AppDomain | null {
  const [, suffix = '', port = ''] = /^\*(\.[^:]+)(:\d+)?$/.exec(wildcard.toLowerCase()) ?? [];
  if (suffix === '') return null;
  const own = URL.parse(url);
  const ownPort = own && own.port !== '' ? `:${own.port}` : '';
  const scheme = own?.protocol === 'http:' ? 'http' : 'https';
  return { scheme, suffix, port: port === '' ? ownPort : port, own: own?.hostname ?? '' };
}

/** From `server.apps_url`; null where there is none. */
export function appPaths(url: string): AppPaths | null {
  const own = URL.parse(url);
  if (!own || own.hostname === '') return null;
  const port = own.port === '' ? '' : `:${own.port}`;
  return { scheme: own.protocol === 'http:' ? 'http' : 'https', host: own.hostname, port };
}

/** Whether apps are told apart by their paths, so that to a browser they are all one site. */
export function isOneSite(naming: AppNaming): naming is AppPaths {
  return 'host' in naming;
}

/**
 * Where a browser opens a port, of all that its space offers; '' where it is no web page or its name would be too long
 * for a host name.
 */
export function appAddress(
  naming: AppNaming,
  { user, space, port, ports }: { user: string; space: string; port: SpacePort; ports: readonly SpacePort[] },
): string {
  if (port.protocol === 'tcp') return '';
  const names = [nameAmong(port, ports), nameOf(port)].map((one) => {
    return { user: user.toLowerCase(), space: space.toLowerCase(), port: one };
  });
  const name = names.find((one) => isOneSite(naming) || labelOf(one).length <= LONGEST_LABEL);
  if (!name) return '';
  const { host, base } = appPlace(naming, name);
  return `${naming.scheme}://${host}${naming.port}${base}/`;
}

/** Where an app is: what `parseApp` reads. */
export function appPlace(naming: AppNaming, name: AppName): AppPlace {
  const label = labelOf(name);
  if (isOneSite(naming)) return { host: naming.host, base: `/${label}` };
  return { host: `${label}${naming.suffix}`, base: '' };
}

/**
 * What a Host header and a path name: `other` where it is no name of apps at all, null where it is one of theirs and
 * names no app. Of a host, case, a port and a final dot tell nothing; a path is as it is.
 */
export function parseApp(naming: AppNaming, host: string, path: string): AppName | null | 'other' {
  const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
  if (isOneSite(naming)) return name === naming.host ? nameIn(/^\/([^/?#]*)/.exec(path)?.[1] ?? '') : 'other';
  if (name === naming.own) return 'other';
  return name.endsWith(naming.suffix) ? nameIn(name.slice(0, -naming.suffix.length)) : 'other';
}

function labelOf({ user, space, port }: AppName): string {
  return `${user}--${space}--${port}`;
}

function nameIn(label: string): AppName | null {
  const parts = label.split('--');
  const [user = '', space = '', port = ''] = parts;
  const good = parts.length === 3 && parts.every((part) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(part));
  return good ? { user, space, port } : null;
}

/** The port that a name means, of those that are offered as web pages: by number, kind or label. */
export function portNamed(ports: readonly SpacePort[], name: string): SpacePort | null {
  const web = ports.filter(({ protocol }) => protocol !== 'tcp');
  return portCalled(web, name);
}

/** The same of all that are offered. */
export function portCalled(ports: readonly SpacePort[], name: string): SpacePort | null {
  return (
    ports.find((port) => nameOf(port) === name) ??
    ports.find(({ port }) => String(port) === name) ??
    ports.find(({ label }) => label !== '' && label.toLowerCase() === name) ??
    null
  );
}

/** What a port is called in its address: by what it was named, where that is a name and another one has not got it. */
function nameAmong(port: SpacePort, ports: readonly SpacePort[]): string {
  const label = port.label.toLowerCase();
  const named = port.kind === undefined && isServiceName(label) && portNamed(ports, label) === port;
  return named ? label : nameOf(port);
}

/** Whether it can stand for a port in a host name: no number, and no `--`, which parts names. */
export function isServiceName(name: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) && !/^\d+$/.test(name);
}

function nameOf({ port, kind }: SpacePort): string {
  if (kind === undefined) return String(port);
  return kind === 'desktop' ? DESKTOP : kind;
}
