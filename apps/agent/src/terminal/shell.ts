import { userInfo } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { isProgram } from '../is-program.js';

const FALL_BACK = ['/bin/bash', '/usr/bin/bash', '/bin/zsh', '/usr/bin/zsh', '/bin/sh'];
const FOLDERS = ['/bin', '/usr/bin', '/usr/local/bin'];
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

/**
 * A login shell of the user that the template runs as: the one that the space asks for by its name, else the one of the
 * environment, else the first there is.
 */
export function loginShell(
  env: Readonly<Record<string, string | undefined>>,
  asked = '',
  lookUp: LookUp = userInfo,
): Shell {
  const account = accountOf(lookUp);
  const own = asked === '' ? [] : FOLDERS.map((folder) => join(folder, asked));
  const wanted = [...own, env['KNOT_SHELL'], env['SHELL'], account.shell ?? undefined, ...FALL_BACK];
  const program = wanted.find((path) => path !== undefined && isAbsolute(path) && isProgram(path)) ?? '/bin/sh';
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
