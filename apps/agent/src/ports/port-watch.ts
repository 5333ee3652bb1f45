import { connect } from 'node:net';
import type { AgentPort } from '@knot/contract';

const EVERY_MS = 2_000;
const PROBE_MS = 1_000;

/** Looks which of the offered ports something listens on. */
export class PortWatch {
  private open: readonly AgentPort[] = [];
  private timer: NodeJS.Timeout | null = null;
  private looks = false;

  constructor(
    private readonly offered: () => readonly AgentPort[],
    private readonly onChange: () => void,
  ) {}

  get ports(): readonly AgentPort[] {
    return this.open;
  }

  /** Looks from then on where anything is offered; else it waits for the next call. */
  start(): void {
    if (this.looks || this.offered().length === 0) return;
    this.looks = true;
    void this.look();
  }

  stop(): void {
    this.looks = false;
    if (this.timer) clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    const offered = this.offered();
    const states = await Promise.all(offered.map(({ port }) => listens(port)));
    if (!this.looks) return;
    const open = offered.filter((_, index) => states[index]);
    const changed = JSON.stringify(open) !== JSON.stringify(this.open);
    this.open = open;
    if (changed) this.onChange();
    this.timer = setTimeout(() => void this.look(), EVERY_MS);
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: PROBE_MS });
    const done = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
    socket.once('timeout', () => done(false));
  });
}
