import type { Command } from 'commander';
import { randomText } from '@knot/shared/config';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import { printJson } from '../output.js';

/** Characters; 32 of 5.95 bits are 190 bits. */
const KEY_LENGTH = 32;
const TOKEN_LENGTH = 48;

/** `knot genkey` and `knot gen-server-key` */
export function registerKeys(program: Command, context: CommandContext): void {
  const key = program
    .command('genkey')
    .description('print a new key for server.encrypt')
    .option('--json', 'print JSON');
  withExample(key, 'knot genkey > encrypt.key').action((options: { json?: boolean }) =>
    runGenerate(context, { length: KEY_LENGTH, json: options.json === true }),
  );
  const token = program
    .command('gen-server-key')
    .description('print a new token for server.shared_token')
    .option('--json', 'print JSON');
  withExample(token, 'knot gen-server-key').action((options: { json?: boolean }) =>
    runGenerate(context, { length: TOKEN_LENGTH, json: options.json === true }),
  );
}

export function runGenerate(
  { stdout, random }: CommandContext,
  { length, json }: { length: number; json: boolean },
): void {
  const key = randomText(length, random);
  if (json) printJson(stdout, { key });
  else stdout.write(`${key}\n`);
}
