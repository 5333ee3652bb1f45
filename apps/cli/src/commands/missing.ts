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
  direct: {
    message: 'this knot has no `knot direct`',
    hint: "`knot proxy` reaches services of the server's network; what this machine reaches needs no knot.",
    example: 'knot proxy port web.service.consul 8080:0',
  },
};

export function registerMissing(program: Command): void {
  for (const [name, { message, hint, example }] of Object.entries(MISSING)) {
    const command = program.command(name, { hidden: true }).description(message).argument('[words...]');
    withExample(command.allowUnknownOption(), example).action(() => {
      throw new KnotError('feature.missing', message, hint);
    });
  }
}
