import { isIP } from 'node:net';
import { Secret } from '../../secrets/secret.js';

/** Keys shorter than this are refused: a key is derived from the text, and the text is all its strength. */
export const SHORTEST_KEY = 16;

export function isLongSecret(value: unknown): boolean {
  return value instanceof Secret && value.length >= SHORTEST_KEY;
}

export function areLongSecrets(value: unknown): boolean {
  return Array.isArray(value) && value.every(isLongSecret);
}

/** Abbreviations such as CEST have no rule for summer time and are no IANA names. */
export function isTimeZone(value: unknown): boolean {
  if (typeof value !== 'string' || !/^(UTC|GMT|[A-Za-z_]+\/[A-Za-z0-9_+/-]+)$/.test(value)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** An address or a network: `10.0.0.0/8`, `::1`. */
export function isIpRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** `name:port`, `*.name:port`, `address:port`, `network:port`; an address of IPv6 in brackets, and `*` for every port. */
export function isProxyTarget(text: string): boolean {
  const [, host = '', port = ''] = /^(.+):(\*|\d{1,5})$/.exec(text) ?? [];
  if (port !== '*' && (port === '' || Number(port) < 1 || Number(port) > 65_535)) return false;
  const plain = host.replace(/^\[([^\]]*)\]/, '$1');
  if (isIpRange(plain)) return plain.includes(':') === host.startsWith('[');
  return /^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(host) && !/^[\d.]+$/.test(host);
}

const HOST = String.raw`(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\.?)`;
const HOST_PORT = new RegExp(String.raw`^${HOST}(?::\d{1,5})?$`);

/** `host`, `host:port`, `[v6]:port`. */
export function isHostPort(text: string): boolean {
  return HOST_PORT.test(text) && Number(/:(\d+)$/.exec(text.replace(/\[.*\]/, ''))?.[1] ?? 0) <= 65_535;
}

/** As `isHostPort`, or `srv+name` for a name with SRV records. */
export function isDialled(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  return value.startsWith('srv+') ? /^srv\+[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(value) : isHostPort(value);
}

export function areServersBySuffix(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((servers) => Array.isArray(servers) && servers.every((s) => isHostPort(String(s))));
}
