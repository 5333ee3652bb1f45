import type { Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { withExample } from '../example.js';

interface Missing {
  readonly message: string;
  readonly hint: string;
  readonly example: string;
}

/** Commands that people look for, many of them from another program of the same name, and what to do instead. */
const MISSING: Readonly<Record<string, Missing>> = {
  tunnel: {
    message: 'this knot makes no tunnels yet',
    hint: '`knot spaces share-port` shares what a space serves, `knot forward port` leads to it from here.',
    example: 'knot forward port hello 8080',
  },
  ping: {
    message: 'this knot has no `knot ping`',
    hint: '`knot version` asks the server for its version, `knot doctor` looks for what is wrong on the way there.',
    example: 'knot version',
  },
  ssh: {
    message: 'this knot has no `knot ssh`',
    hint: '`knot run hello` opens a shell; after `knot ssh-config update` so does ssh itself: ssh knot.hello.',
    example: 'knot run hello',
  },
  'templates export': {
    message: 'this knot has no `knot templates export`',
    hint: '`knot get template hello` prints one as `knot apply` takes it.',
    example: 'knot get template hello > hello.yaml',
  },
  'ssh-keys add': {
    message: 'a key is added as you sign in, for which a token is not enough',
    hint: '`knot connect <server> --ssh-key ~/.ssh/id_ed25519.pub` signs in and adds it; so does the profile in the dashboard.',
    example: 'knot connect https://knot.example.com --ssh-key ~/.ssh/id_ed25519.pub',
  },
  direct: {
    message: 'this knot has no `knot direct`',
    hint: "`knot proxy` reaches services of the server's network; what this machine reaches needs no knot.",
    example: 'knot proxy port web.service.consul 8080:0',
  },
};

export function registerMissing(program: Command): void {
  for (const [words, { message, hint, example }] of Object.entries(MISSING)) {
    const [name = '', group] = words.split(' ').reverse();
    const parent = program.commands.find((one) => one.name() === group) ?? program;
    const command = parent.command(name, { hidden: true }).description(message).argument('[words...]');
    withExample(command.allowUnknownOption(), example).action(() => {
      throw new KnotError('feature.missing', message, hint);
    });
  }
}
