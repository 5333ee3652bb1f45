import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { AgentScript } from '@knot/contract';
import { isProgram } from '../is-program.js';
import type { LogRing } from '../logs/log-ring.js';
import { runLogged } from '../logs/run-logged.js';
import { loginShell, type Shell } from '../terminal/shell.js';

const MOST = 32;

/** The start scripts of a space: run once, one after the other; what they print is in its logs under their names. */
export class StartScripts {
  private present: readonly AgentScript[] = [];

  constructor(
    /** Files, or folders of which all that may be run is run, by name; `~` is the home. */
    private readonly paths: readonly string[],
    private readonly ring: LogRing,
    private readonly onChange: () => void,
  ) {}

  get scripts(): readonly AgentScript[] {
    return this.present;
  }

  /** One that fails holds up none that follows: its code tells of it. */
  async run(signal: AbortSignal): Promise<void> {
    const shell = loginShell(process.env);
    for (const path of this.paths.flatMap((one) => scriptsAt(inHome(one, shell))).slice(0, MOST)) {
      if (signal.aborted) return;
      await this.runOne(path, shell, signal);
    }
  }

  private async runOne(path: string, shell: Shell, signal: AbortSignal): Promise<void> {
    const name = basename(path);
    const before = this.present;
    const tell = (code: number | null) => {
      this.present = [...before, { name, code }];
      this.onChange();
    };
    tell(null);
    const [program, args] = isProgram(path) ? [path, []] : ['/bin/sh', [path]];
    const onLine = (text: string) => this.ring.add({ service: name, level: 'info', text });
    const code = await runLogged({ program, args, shell, onLine }, signal);
    if (code !== 0) this.ring.add({ service: name, level: 'error', text: `It ended with code ${code}.` });
    tell(code);
  }
}

function inHome(path: string, { folder }: Shell): string {
  return resolve(folder, path.replace(/^~(?=\/|$)/, folder));
}

/** Of a folder that is not there, nothing; a file that is not there is told by its run. */
function scriptsAt(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return path.endsWith('.d') ? [] : [path];
  const files = readdirSync(path)
    .toSorted()
    .map((name) => join(path, name));
  return files.filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true && isProgram(file));
}
