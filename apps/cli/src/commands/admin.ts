import { resolve } from 'node:path';
import type { Command } from 'commander';
import { loadConfig, Secret, type KnotConfig } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';
import { createLogger } from '@knot/shared/logging';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { printJson } from '../output.js';
import { readText } from '../read-text.js';

interface AdminOptions {
  readonly config?: string;
  readonly passphraseFile?: string;
  readonly replace?: boolean;
  readonly to?: string;
  readonly json?: boolean;
}

const ROWS_BETWEEN_NEWS = 5_000;
/** Each is opened and sealed, and a commit of its own. */
const VALUES_BETWEEN_NEWS = 500;

/** `knot admin`: works on the store that knot.yaml names, on the machine of the origin. */
export function registerAdmin(program: Command, context: CommandContext): void {
  const admin = program
    .command('admin')
    .description("work on an origin's store: backup, restore, convert, check, passwords");
  withExample(admin, 'knot admin backup /backups/knot-2026-11-29');
  registerBackup(admin, context);
  registerRestore(admin, context);
  registerConvert(admin, context);
  registerCheck(admin, context);
  registerMigrate(admin, context);
  registerRekey(admin, context);
  registerPassword(admin, context);
}

function command(admin: Command, name: string, description: string): Command {
  return admin
    .command(name)
    .description(description)
    .option('-c, --config <file>', 'the knot.yaml of the origin, instead of the first one found');
}

function registerBackup(admin: Command, context: CommandContext): void {
  const backup = command(
    admin,
    'backup <file>',
    'write all that the store holds into one new file; the origin may run',
  ).option('--passphrase-file <file>', 'encrypt it with the passphrase in this file');
  withExample(backup, 'knot admin backup /backups/knot-2026-11-29 --passphrase-file /etc/knot/backup.pass');
  backup.action(async (file: string, options: AdminOptions) => {
    const { backup: run } = await import('@knot/origin/admin');
    const passphrase = await passphraseOf(context, options);
    const { rows, claims } = await run(portsOf(context, options), resolve(context.cwd, file), passphrase);
    context.stderr.write(`${file} holds ${rows} rows and ${claims} names. The key (server.encrypt) is not in it.\n`);
  });
}

function registerRestore(admin: Command, context: CommandContext): void {
  const restore = command(admin, 'restore <file>', 'fill the store from a backup; no origin may run')
    .option('--passphrase-file <file>', 'the passphrase of an encrypted backup')
    .option('--replace', 'even where the store holds an installation, which is lost');
  withExample(restore, 'knot admin restore /backups/knot-2026-11-29 --replace');
  restore.action(async (file: string, options: AdminOptions) => {
    const { restore: run } = await import('@knot/origin/admin');
    const passphrase = await passphraseOf(context, options);
    const replace = options.replace === true;
    const { rows } = await run(portsOf(context, options), resolve(context.cwd, file), { passphrase, replace });
    context.stderr.write(
      `${rows} rows were put back. At its start the origin ends all sessions and suspends API tokens; every location lists\n` +
        'anew, removes nothing, and shows what the backup does not know as orphans: knot locations orphans.\n',
    );
  });
}

function registerConvert(admin: Command, context: CommandContext): void {
  const convert = command(admin, 'convert', 'move all data into the store of another knot.yaml; no origin may run')
    .requiredOption('--to <file>', 'the knot.yaml that names the new store')
    .option('--replace', 'even where the new store holds an installation, which is lost');
  withExample(convert, 'knot admin convert --config knot.yaml --to knot-with-redis.yaml');
  convert.action(async (options: AdminOptions) => {
    const { convert: run } = await import('@knot/origin/admin');
    const target = configOf(context, options.to);
    const { rows } = await run(portsOf(context, options), target, options.replace === true);
    context.stderr.write(
      `${rows} rows were moved. Start the origin with ${options.to ?? ''}; leave the old store as it is.\n`,
    );
  });
}

function registerCheck(admin: Command, context: CommandContext): void {
  const check = command(
    admin,
    'check',
    'look whether all rows of the store agree with one another; the origin may run',
  ).option('--json', 'print JSON');
  withExample(check, 'knot admin check');
  check.action(async (options: AdminOptions) => {
    const { checkRows, openSnapshot } = await import('@knot/origin/admin');
    const { config, ...ports } = portsOf(context, options);
    const snapshot = await openSnapshot(config, ports);
    const broken = await checkRows(snapshot).finally(() => snapshot.close());
    if (options.json === true) printJson(context.stdout, { broken });
    else for (const { kind, id, message } of broken) context.stdout.write(`${kind} ${id} ${message}\n`);
    if (broken.length === 0) {
      context.stderr.write('All rows agree.\n');
      return;
    }
    const hint = 'Keep a backup of it as it is, and report what you see.';
    throw new KnotError('state.refused', `${broken.length} rules of the rows do not hold`, hint);
  });
}

function registerMigrate(admin: Command, context: CommandContext): void {
  const migrate = command(admin, 'migrate', 'bring the tables of a database up to date; origins may run');
  withExample(migrate, 'knot admin migrate --config /etc/knot/knot.yaml');
  migrate.action(async (options: AdminOptions) => {
    const { migrateStore } = await import('@knot/origin/admin');
    await migrateStore(portsOf(context, options));
    context.stderr.write('The tables are up to date.\n');
  });
}

function registerRekey(admin: Command, context: CommandContext): void {
  const rekey = command(admin, 'rekey', 'seal everything with the first key of server.encrypt; then the former may go');
  withExample(rekey, 'knot admin rekey');
  rekey.action(async (options: AdminOptions) => {
    const { rekeyStore } = await import('@knot/origin/admin');
    const count = await rekeyStore(portsOf(context, options, VALUES_BETWEEN_NEWS));
    context.stderr.write(`${count} values were sealed anew. The former keys may leave server.encrypt_keys.\n`);
  });
}

function registerPassword(admin: Command, context: CommandContext): void {
  const password = command(
    admin,
    'set-password <user>',
    'give a user a new password, asked for or read from standard input',
  );
  withExample(password, 'knot admin set-password ada');
  password.action(async (user: string, options: AdminOptions) => {
    const { setPassword } = await import('@knot/origin/admin');
    if (context.input.interactive) context.stderr.write(`New password of ${user}: `);
    const text = await context.input.readLine({ hidden: true });
    if (text === undefined || text === '') {
      throw new KnotError('input.invalid', 'no password was given', 'Type one, or pipe it in.');
    }
    await setPassword(portsOf(context, options), user, new Secret(text));
    context.stderr.write(`${user} has a new password; sessions and tokens of before are ended.\n`);
  });
}

function configOf(context: CommandContext, file: string | undefined): KnotConfig {
  const flags = new Map(file === undefined ? [] : [['config', file]]);
  return loadConfig({ flags, world: context }).config;
}

function portsOf(context: CommandContext, options: AdminOptions, betweenNews = ROWS_BETWEEN_NEWS) {
  const told = { copied: 0, takenIn: 0 };
  const config = configOf(context, options.config);
  return {
    config,
    logger: createLogger({ level: 'warn', name: 'admin', destination: context.stderr }),
    clock: context.clock,
    random: context.random,
    progress: ({ rows, of }: { readonly rows: number; readonly of?: number }) => {
      const step = of === undefined ? 'copied' : 'takenIn';
      if (rows < told[step] + betweenNews) return;
      told[step] = rows;
      context.stderr.write(of === undefined ? `${rows} rows ...\n` : `${rows} of ${of} rows are in the database ...\n`);
    },
  };
}

async function passphraseOf(context: CommandContext, { passphraseFile }: AdminOptions): Promise<Secret | null> {
  if (passphraseFile === undefined) return null;
  const text = (await readText(context, passphraseFile)).trimEnd();
  if (text.length >= 12) return new Secret(text);
  throw new KnotError(
    'input.invalid',
    `${passphraseFile} holds fewer than 12 characters`,
    'Make one with `knot genkey`.',
  );
}
