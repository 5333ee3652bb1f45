import type { ServerHttp2Stream } from 'node:http2';
import { createInterface } from 'node:readline';
import { parseAgentAccess, type AgentAccess, type NamedPort } from '@knot/contract';

/** How long somebody who comes waits for the first word of who may enter, ms. */
const WAIT_MS = 10_000;

/** Who may enter this space, as the leaf last said. */
export class Access {
  private present: AgentAccess | null = null;
  private readonly waiting = new Set<(access: AgentAccess) => void>();

  constructor(private readonly onChange: () => void) {}

  /** A stream of the leaf: one line whenever something has changed. */
  follow(stream: ServerHttp2Stream): void {
    stream.respond({ ':status': 200 });
    const lines = createInterface({ input: stream });
    // it tells the stream's error once more, and a lost connection must not end this process
    lines.on('error', () => undefined);
    lines.on('line', (line) => {
      const access = parseAgentAccess(line);
      if (!access) return;
      this.present = access;
      for (const take of this.waiting) take(access);
      this.waiting.clear();
      this.onChange();
    });
  }

  /** Null where the leaf does not say. */
  known(): Promise<AgentAccess | null> {
    if (this.present) return Promise.resolve(this.present);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), WAIT_MS);
      this.waiting.add((access) => {
        clearTimeout(timer);
        resolve(access);
      });
    });
  }

  /** The shell that the space asks for, by its name; '' as its image says. */
  get shell(): string {
    return this.present?.shell ?? '';
  }

  /** What the space's template names. */
  get ports(): readonly NamedPort[] {
    return this.present?.ports ?? [];
  }

  keysOf(user: string): readonly string[] {
    return this.present?.people.find((person) => person.user === user)?.keys ?? [];
  }

  isListed(user: string): boolean {
    return this.present?.people.some((person) => person.user === user) === true;
  }
}
