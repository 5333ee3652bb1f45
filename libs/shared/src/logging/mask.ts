import { KnotError } from '../errors/index.js';
import { Secret } from '../secrets/secret.js';

const MASK = '***';
/** Deeper objects are cut: a log line is for reading, and a cycle must end somewhere. */
const DEEPEST = 8;

/** Field names are compared without case, `_` and `-`, by their end: `x-nomad-token`, `sharedToken`, `set_cookie`. */
const SECRET_NAME =
  /(token|password|passwd|passphrase|secret|authorization|cookie|encrypt|encryptkey|privatekey|apikey|credential|setupcode)s?$/;

function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[_-]/g, '');
  return SECRET_NAME.test(plain);
}

/** A copy of any value that is safe to log: secrets and secret-named fields masked, passwords cut out of URLs. */
export function maskValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof Secret) return MASK;
  if (depth >= DEEPEST) return '[deep]';
  if (value instanceof Error) return maskError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => maskValue(item, depth + 1));
  if (value instanceof Map) return maskFields(Object.fromEntries<unknown>(value), depth);
  if (value instanceof Set) return [...value].map((item) => maskValue(item, depth + 1));
  return maskFields(value, depth);
}

/** `maskValue` for the fields of one object. */
export function maskFields(fields: object, depth = 0): Record<string, unknown> {
  const masked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const hide = isSecretName(name) && value != null && typeof value !== 'boolean' && value !== '';
    masked[name] = hide ? MASK : maskValue(value, depth + 1);
  }
  return masked;
}

function maskError(error: Error, depth: number): Record<string, unknown> {
  return {
    type: error.name,
    message: maskText(error.message),
    ...(error instanceof KnotError && {
      code: error.code,
      hint: maskText(error.hint),
      details: maskFields(error.details, depth + 1),
    }),
    stack: maskText(error.stack ?? ''),
    ...(error.cause !== undefined && { cause: maskValue(error.cause, depth + 1) }),
  };
}

function maskText(text: string): string {
  return text.includes('@') ? text.replace(/(\w:\/\/)[^/\s:@]*:[^/\s@]+@/g, `$1${MASK}@`) : text;
}
