import { jsonText } from '../values/json-text.js';
import { bool, list, map, NULL, number, text, type Taint, type Value } from '../values/value.js';
import { yamlText } from '../values/yaml-text.js';
import type { Arguments } from './arguments.js';
import { FunctionError } from './function-error.js';
import { sha256Hex } from './sha256.js';
import { fn, MANY, type FunctionTable } from './template-function.js';

function fromJson(args: Arguments): Value {
  const source = args.text(0);
  args.reserve(source.length);
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch {
    throw new FunctionError('this text is not JSON');
  }
  return fromParsed(parsed, args.taint);
}

function fromParsed(parsed: unknown, taint: Taint): Value {
  if (typeof parsed === 'string') return text(parsed.toWellFormed(), taint);
  if (typeof parsed === 'boolean') return bool(parsed, taint);
  if (typeof parsed === 'number') {
    if (!Number.isFinite(parsed)) throw new FunctionError('this JSON holds a number that is too large');
    return number(parsed, taint);
  }
  if (Array.isArray(parsed))
    return list(
      parsed.map((item) => fromParsed(item, taint)),
      taint,
    );
  if (typeof parsed !== 'object' || parsed === null) return NULL;
  return map(
    new Map(Object.entries(parsed).map(([key, child]) => [key.toWellFormed(), fromParsed(child, taint)])),
    taint,
  );
}

function toBase64(args: Arguments): string {
  const bytes = new TextEncoder().encode(args.text(0));
  args.reserve(bytes.length * 2);
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

function fromBase64(args: Arguments): string {
  args.reserve(args.text(0).length);
  try {
    const bytes = Uint8Array.from(atob(args.text(0)), (char) => char.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new FunctionError('this is not base64 of a text');
  }
}

function queryEscaped(value: string): string {
  return encodeURIComponent(value)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

function hashed(args: Arguments): string {
  const bytes = new TextEncoder().encode(args.text(0));
  args.reserve(bytes.length * 4);
  return sha256Hex(bytes);
}

export const ENCODE_FUNCTIONS: FunctionTable = {
  toJson: fn(1, 1, (args) => args.asText(jsonText(args.value(0), 0, args.maxCharacters), 'json')),
  toPrettyJson: fn(1, 1, (args) => args.asText(jsonText(args.value(0), 2, args.maxCharacters), 'json')),
  fromJson: fn(1, 1, fromJson),
  toYaml: fn(1, 1, (args) => args.asText(yamlText(args.value(0), args.maxCharacters), 'yaml')),
  b64enc: fn(1, 1, (args) => args.asText(toBase64(args))),
  b64dec: fn(1, 1, (args) => args.asText(fromBase64(args))),
  sha256sum: fn(1, 1, (args) => args.asText(hashed(args))),
  urlquery: fn(1, MANY, (args) => args.asText(queryEscaped(args.all.map((_, index) => args.shown(index)).join('')))),
};
