import { Option, type Command } from 'commander';
import { describeType, keysFor, type ConfigPurpose, type FlagValues, type KeySpec } from '@knot/shared/config';

export interface ConfigFlagOptions {
  /** Accepted, but left out of the help. */
  readonly hidden?: boolean;
}

const CONFIG_FLAG = '-c, --config <file>';

/** Adds `--config` and the flags of every key that this program reads, from the table of keys. */
export function addConfigFlags(
  command: Command,
  purpose: ConfigPurpose,
  { hidden = false }: ConfigFlagOptions = {},
): void {
  command.option(CONFIG_FLAG, 'the knot.yaml to use, instead of the first one found (env KNOT_CONFIG)');
  for (const spec of flaggedKeys(purpose)) command.addOption(optionOf(spec).hideHelp(hidden));
}

/** The flags that were given, by key, for `loadConfig`. */
export function configFlagValues(command: Command, purpose: ConfigPurpose): FlagValues {
  const options = command.opts<Record<string, unknown>>();
  const given = new Map<string, string | boolean | readonly string[]>();
  const take = (key: string, value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'boolean') given.set(key, value);
    else if (Array.isArray(value)) given.set(key, value.map(String));
  };
  take('config', options['config']);
  for (const spec of flaggedKeys(purpose)) take(spec.path, options[optionOf(spec).attributeName()]);
  return given;
}

function flaggedKeys(purpose: ConfigPurpose): KeySpec[] {
  return keysFor(purpose).filter((spec) => spec.flag !== undefined);
}

function optionOf(spec: KeySpec): Option {
  const names = [spec.shortFlag, spec.flag].filter((name) => name !== undefined).join(', ');
  const section = spec.path.split('.').slice(0, -1).join('.');
  const option = new Option(`${names} ${placeholder(spec)}`, helpOf(spec));
  option.helpGroup(`${section === '' ? 'General' : section}:`);
  if (repeats(spec)) option.argParser((text: string, earlier: string[] | undefined) => [...(earlier ?? []), text]);
  return option;
}

function placeholder({ type }: KeySpec): string {
  switch (type.kind) {
    case 'boolean':
      return '[bool]';
    case 'integer':
      return '<number>';
    case 'path':
      return '<path>';
    case 'url':
      return '<url>';
    case 'listen':
      return '<address>';
    case 'choice':
      return `<${type.values.join('|')}>`;
    default:
      return '<text>';
  }
}

function repeats({ type }: KeySpec): boolean {
  return type.kind === 'list' || type.kind === 'secrets';
}

function helpOf(spec: KeySpec): string {
  const fallback = spec.fallbackNote ?? [spec.fallback ?? []].flat().join(',');
  const facts = [
    ...spec.env.slice(0, 1).map((name) => `env ${name}`),
    ...(fallback === '' ? [] : [`default ${fallback}`]),
    ...(repeats(spec) ? [`${describeType(spec.type)}: repeat the flag`] : []),
  ];
  return `${spec.help} (${facts.join(', ')})`;
}
