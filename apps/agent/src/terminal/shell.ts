import { accessSync, constants } from 'node:fs';
import { userInfo } from 'node:os';
import { basename } from 'node:path';

const FALL_BACK = ['/bin/bash', '/usr/bin/bash', '/bin/zsh', '/usr/bin/zsh', '/bin/sh'];
/** What the agent itself was started with and nobody in a shell has a use for. */
const OWN = ['KNOT_JOIN_SECRET', 'KNOT_AGENT_CA', 'KNOT_AGENT_ENDPOINT'];

/** Throws where the user is not known. */
type LookUp = () => { readonly shell: string | null; readonly homedir: string };

export interface Shell {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A login shell of the user that the template runs as: the one of the environment, else the first there is. */
export function loginShell(env: Readonly<Record<string, string | undefined>>, lookUp: LookUp = userInfo): Shell {
  const account = accountOf(lookUp);
  const wanted = [env['KNOT_SHELL'], env['SHELL'], account.shell ?? undefined, ...FALL_BACK];
  const program = wanted.find((path) => path !== undefined && isProgram(path)) ?? '/bin/sh';
  const kept = Object.entries(env).flatMap(([name, value]): [string, string][] =>
    value === undefined || OWN.includes(name) ? [] : [[name, value]],
  );
  return {
    program,
    args: ['sh', 'dash'].includes(basename(program)) ? [] : ['-l'],
    folder: env['HOME'] ?? account.homedir,
    env: { ...Object.fromEntries(kept), TERM: 'xterm-256color', COLORTERM: 'truecolor', SHELL: program },
  };
}

/** A user that its image knows by number only has no line in /etc/passwd to be looked up. */
function accountOf(lookUp: LookUp): ReturnType<LookUp> {
  try {
    return lookUp();
  } catch {
    return { shell: null, homedir: '/' };
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return path.startsWith('/');
  } catch {
    return false;
  }
}
