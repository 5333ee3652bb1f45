import { Option, type Command } from 'commander';
import { PORT_SHARES } from '@knot/domain';
import { clientCommand } from '../client/client-command.js';
import { openClient } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { withExample } from '../example.js';
import {
  runLocationsAdopt,
  runLocationsForget,
  runLocationsInstance,
  runLocationsList,
  runLocationsOrphans,
  runLocationsPolicy,
  runLocationsRemove,
  runLocationsShow,
  runLocationsToken,
  type JsonOption,
  type PolicyOptions,
} from '../locations/location-deeds.js';
import { collect } from '../options.js';

const LOCATION = '<location>';

/** `knot locations ...` */
export function registerLocations(program: Command, context: CommandContext): void {
  const group = program.command('locations').alias('location').description('where spaces run, and the leaves there');
  withExample(group, 'knot locations list');
  registerReading(group, context);
  registerToken(group, context);
  registerInstances(group, context);
  registerPolicy(group, context);
  registerOrphans(group, context);
  registerForget(group, context);
}

function registerReading(group: Command, context: CommandContext): void {
  const list = clientCommand(group, 'list', { help: 'list locations', examples: ['knot locations list'] }).alias('ls');
  list.action(() => runLocationsList(openClient(context, list), list.opts<JsonOption>()));
  const show = clientCommand(group, 'show', { help: 'show a location', examples: ['knot locations show berlin'] });
  show
    .argument(LOCATION)
    .action((name: string) => runLocationsShow(openClient(context, show), name, show.opts<JsonOption>()));
}

function registerToken(group: Command, context: CommandContext): void {
  const token = clientCommand(group, 'token', {
    help: 'make the enrolment token of one location, new or not, and print it',
    examples: ['knot locations token berlin > shared_token'],
  });
  token
    .argument(LOCATION)
    .action((name: string) => runLocationsToken(openClient(context, token), name, token.opts<JsonOption>()));
}

function registerInstances(group: Command, context: CommandContext): void {
  const deeds = [
    { deed: 'approve', help: 'let a waiting instance of a leaf in' },
    { deed: 'revoke', help: 'cut an instance of a leaf off: its credentials end at once' },
  ] as const;
  for (const { deed, help } of deeds) {
    const examples = [`knot locations ${deed} berlin 0198c5a0-8a4e-7c2f-b5a1-2f6f8e1d9c3b`];
    const command = clientCommand(group, deed, { help, examples });
    command
      .argument(LOCATION)
      .argument('<instance>', 'its id; `knot locations show` lists them')
      .action((name: string, instance: string) =>
        runLocationsInstance(openClient(context, command), { name, instance, deed, ...command.opts<JsonOption>() }),
      );
  }
}

function registerPolicy(group: Command, context: CommandContext): void {
  const policy = clientCommand(group, 'policy', {
    help: 'set what templates and the leaf may do at a location; what is not given stays',
    examples: ['knot locations policy berlin --drivers docker,exec --host-volumes media'],
  });
  policy
    .argument(LOCATION)
    .option('--drivers <names>', 'task drivers, with commas', collect)
    .option('--host-volumes <names>', 'host volumes, with commas', collect)
    .addOption(new Option('--share-ports <with>', 'web ports that nobody says anything of').choices(PORT_SHARES))
    .addOption(new Option('--public-ports <allowed>', 'whether ports may be public').choices(['yes', 'no']))
    .addOption(new Option('--leaf-wishes <heard>', 'whether `kubectl` starts and stops spaces').choices(['yes', 'no']))
    .action((name: string) => runLocationsPolicy(openClient(context, policy), name, policy.opts<PolicyOptions>()));
}

function registerOrphans(group: Command, context: CommandContext): void {
  const orphans = clientCommand(group, 'orphans', {
    help: 'list what runs at a location, or at all, under our mark and has no space',
    examples: ['knot locations orphans berlin'],
  });
  orphans
    .argument('[location]')
    .action((name: string | undefined) =>
      runLocationsOrphans(openClient(context, orphans), name, orphans.opts<JsonOption>()),
    );
  const adopt = clientCommand(group, 'adopt', {
    help: 'make an orphan a space again',
    examples: ['knot locations adopt berlin 0198c5a0-8a4e-7c2f-b5a1-2f6f8e1d9c3b --owner ann'],
  });
  adopt
    .argument(LOCATION)
    .argument('<space-id>')
    .option('--owner <user>', 'whose it is to be; who had it when left out')
    .option('--name <name>', 'its name; the one it had when left out')
    .action((location: string, spaceId: string) => {
      const options = adopt.opts<{ owner?: string; name?: string } & JsonOption>();
      return runLocationsAdopt(openClient(context, adopt), { ...options, location, spaceId });
    });
  const remove = clientCommand(group, 'remove', {
    help: 'remove an orphan with its volumes; asks for its name',
    examples: ['knot locations remove berlin 0198c5a0-8a4e-7c2f-b5a1-2f6f8e1d9c3b'],
  });
  remove
    .argument(LOCATION)
    .argument('<space-id>')
    .option('--yes', 'do not ask')
    .action((location: string, spaceId: string) => {
      const options = remove.opts<{ yes?: boolean } & JsonOption>();
      return runLocationsRemove(openClient(context, remove), { ...options, location, spaceId });
    });
}

function registerForget(group: Command, context: CommandContext): void {
  const forget = clientCommand(group, 'force-forget', {
    help: 'give up a location that is dead: its spaces become orphans; asks for its name',
    examples: ['knot locations force-forget berlin'],
  });
  forget
    .argument(LOCATION)
    .option('--yes', 'do not ask')
    .action((name: string) =>
      runLocationsForget(openClient(context, forget), name, forget.opts<{ yes?: boolean } & JsonOption>()),
    );
}
