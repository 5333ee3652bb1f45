import type { Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { clientCommand } from '../client/client-command.js';
import { openClient } from '../client/open-client.js';
import type { CommandContext } from '../command-context.js';
import { parsePlace } from '../ssh/place.js';
import { reachSpace } from '../ways/reach-space.js';

interface Options {
  readonly recursive?: boolean;
}

/** `knot cp <from> <to>` */
export function registerCp(program: Command, context: CommandContext): void {
  const cp = clientCommand(program, 'cp', {
    help: 'copy files between this machine and a space',
    examples: ['knot cp notes.md hello:', 'knot cp -r hello:work/results ./results'],
  });
  cp.argument('<from>', 'a path here, or <space>:<path>')
    .argument('<to>', 'likewise; one of the two is in a space')
    .option('-r, --recursive', 'folders with all that is in them')
    .action(async (from: string, to: string) => {
      const [source, target] = [parsePlace(from), parsePlace(to)];
      if ((source.space === null) === (target.space === null)) {
        const hint = 'Write a path in a space as hello:notes.md, and one here that has a colon as ./a:b.';
        throw new KnotError('input.invalid', 'one of the two paths is in a space, and the other one here', hint);
      }
      const [{ overSsh }, { FileCopy }, { CopyProgress }] = await Promise.all([
        import('../ssh/ssh-client.js'),
        import('../ssh/file-copy.js'),
        import('../ssh/copy-progress.js'),
      ]);
      const client = openClient(context, cp);
      const { id } = await reachSpace(client, source.space ?? target.space ?? '');
      const { recursive = false } = cp.opts<Options>();
      const progress = new CopyProgress(context);
      try {
        await overSsh(client, id, async (ssh) => {
          const onProgress = (path: string, done: number, size: number) => progress.step(path, done, size);
          const copy = await FileCopy.over(ssh, { recursive, onProgress });
          if (target.space === null) await copy.fetch(source.path, target.path);
          else await copy.send(source.path, target.path);
        });
      } finally {
        progress.end();
      }
    });
}
