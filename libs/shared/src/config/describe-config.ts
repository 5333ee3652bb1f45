import { Secret } from '../secrets/secret.js';
import { isListenAddress, type ResolvedValue } from './config-draft.js';
import { formatOrigin, type ConfigValue } from './config-value.js';
import { keysFor } from './keys/config-keys.js';
import type { ConfigPurpose } from './keys/key-spec.js';
import { formatListenAddress } from './listen-address.js';
import { describeSecret, shorten } from './resolve-values.js';

/** One row of `config show`. Secrets are masked. */
export interface ConfigRow {
  readonly key: string;
  /** As JSON would hold it: a text, number, boolean, list, map, or null when there is none. */
  readonly value: unknown;
  readonly from: string;
  readonly env: string | null;
  readonly flag: string | null;
}

/** The effective values of all keys that one program reads, in the order of the table, and where each came from. */
export function describeConfig(values: ReadonlyMap<string, ResolvedValue>, purpose: ConfigPurpose): ConfigRow[] {
  return keysFor(purpose).flatMap((spec) => {
    const resolved = values.get(spec.path);
    if (spec.fileOf !== undefined || resolved === undefined) return [];
    const { value, origin } = resolved;
    const names = { env: spec.env[0] ?? null, flag: spec.flag ?? null };
    return { key: spec.path, value: plainValue(value), from: formatOrigin(origin), ...names };
  });
}

function plainValue(value: ConfigValue): unknown {
  if (value === undefined) return null;
  if (isListenAddress(value)) return formatListenAddress(value);
  if (value instanceof Secret) return value.toString();
  if (Array.isArray(value)) return value.map((item) => String(item));
  return value;
}

/** A value in a message for a person; of a secret only its length. */
export function formatValue(value: ConfigValue): string {
  if (value instanceof Secret) return describeSecret(value);
  if (Array.isArray(value)) {
    return `[${value.map((item) => (item instanceof Secret ? describeSecret(item) : String(item))).join(', ')}]`;
  }
  const plain = plainValue(value);
  return typeof plain === 'string' ? `"${shorten(plain)}"` : JSON.stringify(plain);
}
