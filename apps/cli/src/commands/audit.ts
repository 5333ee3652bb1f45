import { InvalidArgumentError, Option, type Command } from 'commander';
import { answer } from '../api/api.js';
import type { AuditEntry } from '../api/schemas.js';
import { clientCommand } from '../client/client-command.js';
import { openClient, type Client } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { wholeNumber } from '../options.js';
import { printJson, printTable } from '../output.js';
import { parseMoment } from '../times.js';

interface FilterOptions {
  readonly actor?: string;
  readonly action?: string;
  readonly subject?: string;
  readonly outcome?: AuditEntry['outcome'];
  /** ms since the epoch */
  readonly since?: number;
  readonly until?: number;
}

type Format = 'csv' | 'ndjson';

const MEDIA_TYPES: Readonly<Record<Format, string>> = { csv: 'text/csv', ndjson: 'application/x-ndjson' };
/** The most that one page of the API holds. */
const MOST = 200;

/** `knot audit ...` */
export function registerAudit(program: Command, context: CommandContext): void {
  const group = program.command('audit').description('who did what, and what was refused');
  withExample(group, 'knot audit list --outcome refused --since 24h');
  registerList(group, context);
  registerExport(group, context);
}

function registerList(group: Command, context: CommandContext): void {
  const list = clientCommand(group, 'list', {
    help: 'list what was done, newest first',
    examples: ['knot audit list --actor bob --since 7d', 'knot audit list --outcome refused --limit 20'],
  }).alias('ls');
  addFilters(list, context)
    .option('--limit <number>', 'how many', wholeNumber, 50)
    .action(() => runAuditList(openClient(context, list), list.opts()));
}

function registerExport(group: Command, context: CommandContext): void {
  const command = clientCommand(group, 'export', {
    help: 'write every entry that fits to standard output; --json is --format ndjson',
    examples: ['knot audit export --since 2026-01-01 > audit.csv', 'knot audit export --format ndjson --actor bob'],
  });
  addFilters(command, context)
    .addOption(new Option('--format <form>', 'how').choices(['csv', 'ndjson']).default('csv'))
    .action(() => runAuditExport(openClient(context, command), command.opts()));
}

function addFilters(command: Command, { clock }: CommandContext): Command {
  const moment = (text: string): number => {
    const at = parseMoment(text, clock.now());
    if (at === undefined || at < 0)
      throw new InvalidArgumentError('It is a time as 2026-01-31, 2026-01-31T08:00Z or 24h.');
    return at;
  };
  return command
    .option('--actor <name>', 'of this user; system for what the server did by itself')
    .option('--action <name>', 'this deed, as space.start')
    .option('--subject <id>', 'on the space, template ... with this id')
    .addOption(new Option('--outcome <word>', 'how it ended').choices(['done', 'refused']))
    .option('--since <time>', 'from this time on: a date, a time, or as 30m, 24h, 7d ago', moment)
    .option('--until <time>', 'before this time', moment);
}

export async function runAuditList(
  { api, context }: Client,
  { limit, json, ...filters }: FilterOptions & { readonly limit: number; readonly json?: boolean },
): Promise<void> {
  const entries: AuditEntry[] = [];
  for (let cursor: string | null | undefined; cursor !== null && entries.length < limit;) {
    const query = { ...wanted(filters), limit: Math.min(limit - entries.length, MOST), cursor };
    const page: { items: AuditEntry[]; next: string | null } = await answer(
      api.GET('/api/v1/audit', { params: { query } }),
    );
    entries.push(...page.items);
    cursor = page.next;
  }
  if (json) return printJson(context.stdout, entries);
  const rows = entries.map(({ at, actor, action, outcome, subjectKind, subjectId, location, address }) => [
    new Date(at).toISOString(),
    actor,
    action,
    outcome,
    `${subjectKind} ${subjectId}`.trim(),
    location,
    address,
  ]);
  printTable(context.stdout, ['time', 'who', 'did', 'outcome', 'to', 'location', 'from'], rows);
}

export async function runAuditExport(
  client: Client,
  { format, json, ...filters }: FilterOptions & { readonly format: Format; readonly json?: boolean },
): Promise<void> {
  const form = json ? 'ndjson' : format;
  const query = new URLSearchParams({ format: form });
  for (const [name, value] of Object.entries(wanted(filters))) {
    if (value !== undefined) query.set(name, String(value));
  }
  const path = `/api/v1/audit/export?${query.toString()}`;
  for await (const text of client.download(path, MEDIA_TYPES[form])) client.context.stdout.write(text);
}

/** The options of the command that the API filters by. */
function wanted({ actor, action, subject, outcome, since, until }: FilterOptions): FilterOptions {
  return { actor, action, subject, outcome, since, until };
}
