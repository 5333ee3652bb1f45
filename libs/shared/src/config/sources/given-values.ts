import type { ConfigPurpose, KeySpec } from '../keys/key-spec.js';
import { keysFor } from '../keys/config-keys.js';
import type { GivenValue } from '../config-value.js';
import { splitList } from '../parse-value.js';

/** Flags as the command line gave them, by key: `--log-level debug` is `log.level` -> `debug`. */
export type FlagValues = ReadonlyMap<string, string | boolean | readonly string[]>;

/** Values of the environment; an empty one counts as not given. Lists split on whitespace. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  purpose: ConfigPurpose,
): Map<string, GivenValue> {
  const given = new Map<string, GivenValue>();
  for (const spec of keysFor(purpose)) {
    const name = spec.env.find((candidate) => (env[candidate] ?? '') !== '');
    if (name === undefined) continue;
    const text = env[name] ?? '';
    const raw = isList(spec)
      ? ({ kind: 'list', texts: text.split(/\s+/).filter((part) => part !== '') } as const)
      : ({ kind: 'text', text } as const);
    given.set(spec.path, { raw, origin: { kind: 'env', name } });
  }
  return given;
}

/** Values of flags. List flags repeat or use commas; a secret may hold a comma, so secrets only repeat. */
export function readFlags(flags: FlagValues, purpose: ConfigPurpose): Map<string, GivenValue> {
  const given = new Map<string, GivenValue>();
  for (const spec of keysFor(purpose)) {
    const value = flags.get(spec.path);
    if (value === undefined || spec.flag === undefined) continue;
    const texts = [value].flat().map(String);
    const raw = isList(spec)
      ? ({ kind: 'list', texts: spec.type.kind === 'list' ? texts.flatMap(splitList) : texts } as const)
      : ({ kind: 'text', text: texts.at(-1) ?? '' } as const);
    given.set(spec.path, { raw, origin: { kind: 'flag', flag: spec.flag } });
  }
  return given;
}

function isList({ type }: KeySpec): boolean {
  return type.kind === 'list' || type.kind === 'secrets';
}
