import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { isTunnelAddress } from '@knot/contract';
import { isProgram } from '../is-program.js';
import type { LogRing } from '../logs/log-ring.js';
import { runLogged } from '../logs/run-logged.js';
import { loginShell, type Shell } from '../terminal/shell.js';

const SERVICE = 'vscode-tunnel';
/** Between its end and the next attempt, ms; doubled each time that it was short. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * The tunnel by which VS Code in a browser gets into the space, over its vendor's service: its own command line is run, and
 * run again when it ends. What it says is in the space's logs: also where, and by which code, one signs in to it at first.
 */
export class CodeTunnel {
  private seen = '';

  constructor(
    private readonly space: string,
    private readonly ring: LogRing,
    private readonly onChange: () => void,
    private readonly firstPauseMs = FIRST_PAUSE_MS,
  ) {}

  /** Where it opens, as it said itself; '' where it does not. */
  get address(): string {
    return this.seen;
  }

  async run(signal: AbortSignal): Promise<void> {
    const shell = loginShell(process.env);
    const program = programIn(shell);
    if (program === null) {
      this.say('There is no program named code in this image: install the command line of VS Code.');
      return;
    }
    // the service takes at most 20 letters, and the name must be one of its owner's own
    const args = [
      'tunnel',
      '--accept-server-license-terms',
      '--name',
      `knot-${this.space.replaceAll('-', '').slice(-12)}`,
    ];
    for (let pause = this.firstPauseMs; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const onLine = (line: string) => this.printed(line);
      const code = await runLogged({ program, args, shell, onLine }, signal);
      const stood = this.seen !== '';
      this.see('');
      if (signal.aborted) return;
      if (stood) pause = this.firstPauseMs;
      this.say(`It ended with code ${code}. It is started again.`);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  private printed(line: string): void {
    const text = stripVTControlCharacters(line).trimEnd();
    if (text === '') return;
    this.say(text);
    const address = text.split(/\s+/).find(isTunnelAddress);
    if (address !== undefined) this.see(address);
  }

  private see(address: string): void {
    if (address === this.seen) return;
    this.seen = address;
    this.onChange();
  }

  private say(text: string): void {
    this.ring.add({ service: SERVICE, level: 'info', text });
  }
}

function programIn({ env, folder }: Shell): string | null {
  const folders = [...(env['PATH'] ?? '').split(delimiter), join(folder, '.local/bin')];
  const paths = folders.filter((one) => one !== '').map((one) => join(one, 'code'));
  return paths.find(isProgram) ?? null;
}
