import type { Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { withExample } from '../example.js';

interface Missing {
  readonly message: string;
  readonly hint: string;
  readonly example: string;
}

/** Commands that people know from another program of the same name, and what to do instead. */
const MISSING: Readonly<Record<string, Missing>> = {
  tunnel: {
    message: 'this knot makes no tunnels yet',
    hint: '`knot spaces share-port` shares what a space serves, `knot forward port` leads to it from here.',
    example: 'knot forward port hello 8080',
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
