import { Option, type Command } from 'commander';
import { KnotError, isKnotError } from '@knot/shared/errors';
import {
  describeConfig,
  findKey,
  loadConfig,
  type ConfigPurpose,
  type FlagValues,
  type LoadedConfig,
} from '@knot/shared/config';
import type { CommandContext } from '../command-context.js';
import { addConfigFlags, configFlagValues } from '../config-flags.js';
import { withExample } from '../example.js';
import { printJson, printTable } from '../output.js';

interface ConfigInput {
  readonly purpose: ConfigPurpose;
  readonly flags: FlagValues;
  readonly json: boolean;
}

/** `knot config check | show` */
export function registerConfig(program: Command, context: CommandContext): void {
  const group = program.command('config').description('look at the configuration without starting anything');
  withExample(group, 'knot config check --config ./knot.yaml');

  const check = group
    .command('check')
    .description('say whether the configuration is right, and all that is wrong with it');
  withExample(
    addSharedOptions(check),
    'knot config check',
    'knot config check -c /etc/knot/knot.yaml --location berlin',
  );
  check.action(() => runConfigCheck(context, parseInput(check)));

  const show = group.command('show').description('print each value in effect and where it came from, secrets masked');
  withExample(addSharedOptions(show), 'knot config show', 'KNOT_LISTEN=:8080 knot config show --json');
  show.action(() => runConfigShow(context, parseInput(show)));
}

function addSharedOptions(command: Command): Command {
  const choices = ['server', 'agent', 'client'] satisfies ConfigPurpose[];
  command
    .addOption(
      new Option('--for <program>', 'whose keys to take from environment and flags').choices(choices).default('server'),
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nAll flags of `knot server` are accepted too.');
  addConfigFlags(command, 'server', { hidden: true });
  return command;
}

function parseInput(command: Command): ConfigInput {
  const { for: program, json } = command.opts<{ for: ConfigPurpose; json?: boolean }>();
  const flags = configFlagValues(command, 'server');
  const foreign = [...flags.keys()].map(findKey).find((spec) => spec?.scope === 'server');
  if (program !== 'server' && foreign !== undefined) {
    throw new KnotError(
      'input.invalid',
      `${foreign.flag} is a flag of the server`,
      `Leave it out, or --for ${program}`,
    );
  }
  return { purpose: program, flags, json: json === true };
}

/** Says `ok` on stdout with warnings and notices on stderr, or fails with all problems. */
export function runConfigCheck(context: CommandContext, { purpose, flags, json }: ConfigInput): void {
  if (json) return checkAsJson(context, { purpose, flags });
  const loaded = loadConfig({ purpose, flags, world: context });
  for (const text of loaded.warnings) context.stderr.write(`warning: ${text}\n`);
  for (const text of loaded.notices) context.stderr.write(`note: ${text}\n`);
  context.stdout.write(`ok: ${summarise(loaded, purpose)}\n`);
}

function checkAsJson(context: CommandContext, { purpose, flags }: Omit<ConfigInput, 'json'>): void {
  try {
    const { config, warnings, notices } = loadConfig({ purpose, flags, world: context });
    printJson(context.stdout, { ok: true, file: config.file ?? null, problems: [], warnings, notices });
  } catch (error) {
    if (isKnotError(error, 'config.invalid')) {
      printJson(context.stdout, { ok: false, problems: error.details['problems'] });
    }
    throw error;
  }
}

function summarise({ config }: LoadedConfig, purpose: ConfigPurpose): string {
  const file = config.file ?? 'no file, defaults only';
  if (purpose !== 'server') return file;
  const { mode, location } = config.server;
  return `${file} (${mode}, location ${location}, ${storeText(config.server)})`;
}

function storeText({ store, mysql, redis }: LoadedConfig['config']['server']): string {
  switch (store.kind) {
    case 'mysql':
      return `MySQL database ${mysql.database} at ${mysql.host}`;
    case 'redis':
      return `Redis at ${redis.hosts.join(', ')}`;
    case 'sqlite':
      return `SQLite under ${store.path}`;
  }
}

/** Prints every key that the program reads. */
export function runConfigShow(context: CommandContext, { purpose, flags, json }: ConfigInput): void {
  const rows = describeConfig(loadConfig({ purpose, flags, world: context }).values, purpose);
  if (json) {
    printJson(context.stdout, rows);
  } else {
    const cells = rows.map(({ key, value, from }) => [key, cellOf(value), from]);
    printTable(context.stdout, ['key', 'value', 'from'], cells);
  }
}

function cellOf(value: unknown): string {
  if (value === null) return '-';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
