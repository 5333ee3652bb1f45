import { systemContext, type CommandContext } from '../command-context.js';
import { groupsFor } from '../groups.js';
import { runKnot } from '../run-knot.js';
import { pipedInput } from './piped-input.js';

export interface CommandOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process on a machine with only these files, and gives all it said. */
export async function runInProcess(
  args: readonly string[],
  files: Readonly<Record<string, string>> = {},
  change: Partial<CommandContext> = {},
): Promise<CommandOutcome> {
  const out: string[] = [];
  const err: string[] = [];
  const context: CommandContext = {
    ...systemContext(),
    env: {},
    cwd: '/work',
    home: '/home/ann',
    hostname: 'box',
    isRoot: false,
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
    listFolder: () => [],
    timeZone: 'UTC',
    input: pipedInput(''),
    removeFile: (path) => {
      throw new Error(`${path} is not to be removed`);
    },
    writePrivateFile: (path) => {
      throw new Error(`${path} is not to be written`);
    },
    stdout: { write: (text) => void out.push(text) },
    stderr: { write: (text) => void err.push(text) },
    ...change,
  };
  const code = await runKnot(args, context, groupsFor(args));
  return { code, stdout: out.join(''), stderr: err.join('') };
}
