import { Option, type Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { agentScaffold, clientScaffold, kubernetesScaffold, nomadScaffold, serverScaffold } from '@knot/shared/config';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';

const KINDS = ['server', 'client', 'agent', 'nomad', 'kubernetes'] as const;
export type ScaffoldKind = (typeof KINDS)[number];

const SAID: Readonly<Record<ScaffoldKind, string>> = {
  server: 'knot.yaml of a server: alone, origin or leaf',
  client: 'knot.yaml of the command line',
  agent: 'knot.yaml of an agent',
  nomad: 'a Nomad job that runs a server',
  kubernetes: 'manifests of Kubernetes that run a server',
};

/** `knot scaffold --server | --client | --agent | --nomad | --kubernetes` */
export function registerScaffold(program: Command, context: CommandContext): void {
  const command = program.command('scaffold').description('print a commented configuration to start from');
  for (const kind of KINDS) {
    const others = KINDS.filter((other) => other !== kind);
    command.addOption(new Option(`--${kind}`, SAID[kind]).conflicts(others));
  }
  withExample(command, 'knot scaffold --server > knot.yaml');
  command.action((options: Partial<Record<ScaffoldKind, boolean>>) => {
    const kind = KINDS.find((candidate) => options[candidate] === true);
    if (kind !== undefined) return runScaffold(context, kind);
    const flags = KINDS.map((name) => `--${name}`).join(', ');
    throw new KnotError('input.invalid', 'nothing says which configuration to print', `Give one of ${flags}`);
  });
}

export function runScaffold({ stdout, random }: CommandContext, kind: ScaffoldKind): void {
  switch (kind) {
    case 'server':
      stdout.write(serverScaffold(random));
      break;
    case 'client':
      stdout.write(clientScaffold());
      break;
    case 'agent':
      stdout.write(agentScaffold());
      break;
    case 'nomad':
      stdout.write(nomadScaffold());
      break;
    case 'kubernetes':
      stdout.write(kubernetesScaffold());
      break;
  }
}
