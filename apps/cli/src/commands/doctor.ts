import type { Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { clientCommand } from '../client/client-command.js';
import { clientConfig, sendPorts, userAgent } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { examine, type Examination } from '../doctor/examine.js';
import { finding, type Finding } from '../doctor/finding.js';
import { plain, printJson } from '../output.js';

const UNNAMED: Examination = {
  findings: [
    finding('server.unnamed', 'error', {
      sentence: 'No server is named (client.server, KNOT_SERVER, --server).',
      advice: '`knot connect https://knot.example.com` signs in and remembers it.',
    }),
  ],
  hidden: 'no server is named',
};

/** `knot doctor` */
export function registerDoctor(program: Command, context: CommandContext): void {
  const command = clientCommand(program, 'doctor', {
    help: 'look for what is wrong between here and the server, and at the server itself; exit code 1 for an error',
    examples: ['knot doctor', 'knot doctor --server https://knot.example.com --json'],
  });
  command.action(async () => {
    const { client, tlsSkipVerify } = clientConfig(context, command);
    const { server, token } = client;
    const examination =
      server === undefined
        ? UNNAMED
        : await examine({
            ports: sendPorts(context, server, tlsSkipVerify),
            skipVerify: tlsSkipVerify,
            userAgent: userAgent(context),
            token: token?.reveal(),
          });
    printExamination(context, examination, command.opts<{ json?: boolean }>().json === true);
  });
}

function printExamination({ stdout, stderr }: CommandContext, { findings, hidden }: Examination, json: boolean): void {
  if (json) printJson(stdout, findings);
  else for (const found of findings) stdout.write(`${plain(linesOf(found))}\n`);
  if (hidden !== '') stderr.write(`What the server finds of itself is not shown: ${hidden}.\n`);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors === 0) return;
  throw new KnotError('internal', errors === 1 ? 'one check is an error' : `${errors} checks are errors`);
}

function linesOf({ code, severity, sentence, advice, documentation }: Finding): string {
  const head = `${severity.padEnd('warning'.length)}  ${code}  ${sentence}`;
  if (severity === 'ok') return head;
  const indent = ' '.repeat('warning'.length + 2);
  return [head, ...(advice === '' ? [] : [`${indent}${advice}`]), `${indent}See ${documentation}`].join('\n');
}
