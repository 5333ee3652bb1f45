import { resolve } from 'node:path';
import { Secret } from '../secrets/secret.js';
import type { ConfigValue, RawValue } from './config-value.js';
import type { KeySpec, KeyType } from './keys/key-spec.js';
import { parseListenAddress } from './listen-address.js';

/** Where relative paths start, and what `~/` stands for. */
export interface PathBase {
  readonly folder: string;
  readonly home: string;
}

export type ParsedValue =
  { readonly ok: true; readonly value: ConfigValue } | { readonly ok: false; readonly allowed: string };

const good = (value: ConfigValue): ParsedValue => ({ ok: true, value });
const bad = (allowed: string): ParsedValue => ({ ok: false, allowed });

/** What a type allows, in words. */
export function describeType(type: KeyType): string {
  switch (type.kind) {
    case 'string':
    case 'secret':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return 'a whole number';
    case 'list':
      return 'a list of texts';
    case 'secrets':
      return 'a text or a list of texts';
    case 'path':
      return 'a path';
    case 'listen':
      return 'host:port, :port or a http:// or https:// URL of both, the port being 0 to 65535';
    case 'domains':
      return 'a map of suffix to a list of name servers';
    case 'url':
      return `a URL that begins with ${type.schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
    case 'choice':
      return type.values.join(', ');
  }
}

/** Reads what a source gave as the type of its key. An empty text means the default, where a text is expected. */
export function parseValue(spec: KeySpec, raw: RawValue, base: PathBase): ParsedValue {
  switch (raw.kind) {
    case 'text':
      return parseText(spec, raw.text, base);
    case 'list':
      return parseList(spec.type, raw.texts);
    case 'map':
      return spec.type.kind === 'domains' ? good(Object.fromEntries(raw.entries)) : bad(describeType(spec.type));
  }
}

function parseList(type: KeyType, texts: readonly string[]): ParsedValue {
  const present = texts.filter((text) => text !== '');
  if (type.kind === 'list') return good(present);
  if (type.kind === 'secrets') return good(present.map((text) => new Secret(text)));
  return bad(describeType(type));
}

function parseText(spec: KeySpec, given: string, base: PathBase): ParsedValue {
  const { type } = spec;
  const text = type.kind === 'secret' || type.kind === 'secrets' ? given : given.trim();
  if (text === '') return parseEmpty(spec);
  switch (type.kind) {
    case 'string':
      return good(text);
    case 'secret':
      return good(new Secret(text));
    case 'secrets':
      return good([new Secret(text)]);
    case 'list':
      return good(splitList(text));
    case 'path':
      return good(resolvePath(text, base));
    case 'boolean':
      return orAllowed(type, parseBoolean(text));
    case 'integer':
      return orAllowed(type, parseInteger(text));
    case 'listen':
      return orAllowed(type, parseListenAddress(text));
    case 'url':
      return orAllowed(type, parseUrl(text, type.schemes));
    case 'choice':
      return orAllowed(type, type.values.includes(text.toLowerCase()) ? text.toLowerCase() : undefined);
    case 'domains':
      return bad(describeType(type));
  }
}

function orAllowed(type: KeyType, value: ConfigValue): ParsedValue {
  return value === undefined ? bad(describeType(type)) : good(value);
}

function parseEmpty(spec: KeySpec): ParsedValue {
  const { type } = spec;
  if (type.kind === 'boolean' || type.kind === 'integer' || type.kind === 'domains') return bad(describeType(type));
  if (type.kind === 'list' || type.kind === 'secrets') return good([]);
  return good(spec.keepsEmpty ? '' : undefined);
}

/** The words that the older program read as booleans, so that its files keep their meaning. */
function parseBoolean(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (word === 'true' || word === 't' || word === '1') return true;
  return word === 'false' || word === 'f' || word === '0' ? false : undefined;
}

function parseInteger(text: string): number | undefined {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Kept as text without the last slash: the srv+ schemes are not URLs to anyone else. */
function parseUrl(text: string, schemes: readonly string[]): string | undefined {
  const [, scheme = '', rest = ''] = /^([a-z+]+):\/\/(\S+)$/i.exec(text) ?? [];
  const lower = scheme.toLowerCase();
  if (!schemes.includes(lower)) return undefined;
  if (lower.endsWith('http') || lower.endsWith('https')) {
    if (!URL.canParse(`http://${rest}`)) return undefined;
  }
  return `${lower}://${rest.replace(/\/+$/, '')}`;
}

export function splitList(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}

export function resolvePath(text: string, base: PathBase): string {
  if (text === '~' || text.startsWith('~/')) return resolve(base.home, text.slice(2));
  return resolve(base.folder, text);
}
