import { setFlagsFromString } from 'node:v8';

/** After so long without anybody memory is favoured again, ms. */
const IDLE_MS = 10_000;

/**
 * What V8 prefers. Read whenever it decides, so it may change while the process runs: what nobody uses needs no compilers, of
 * which each brings 2 MB of the program's file into memory, and gives back what a use has left behind.
 */
const FLAGS = {
  memory: ['--optimize-for-size', '--no-opt', '--no-maglev'],
  speed: ['--no-optimize-for-size', '--opt', '--maglev'],
} as const;

export type Favoured = keyof typeof FLAGS;

function favour(what: Favoured): void {
  for (const flag of FLAGS[what]) setFlagsFromString(flag);
}

// before the rest of the program is read: what is compiled while that is read stays
favour('memory');
// young memory that does not grow is looked through every 20 MB: what bytes came in goes by then, and is in the processor's
// cache when it is used again. Else the whole heap is looked through for the sake of it: a quarter of the CPU of carrying them
setFlagsFromString('--semi-space-growth-factor=1');

/** Something of somebody that ends. */
interface Use {
  once(event: 'close', heard: () => void): unknown;
}

/** Lets the agent be small while nobody uses it, and fast while somebody does. */
export class Memory {
  private used = 0;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly prefer: (what: Favoured) => void = favour,
    private readonly idleMs = IDLE_MS,
  ) {}

  use(use: Use): void {
    if (this.timer) clearTimeout(this.timer);
    else if (this.used === 0) this.prefer('speed');
    this.timer = null;
    this.used += 1;
    use.once('close', () => this.left());
  }

  private left(): void {
    this.used -= 1;
    if (this.used > 0) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.prefer('memory');
    }, this.idleMs).unref();
  }
}
