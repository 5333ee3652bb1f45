import { get, type IncomingMessage } from 'node:http';
import { eventually } from '../tools/eventually.js';

export interface Registration {
  /** When the event came in here, after Nomad had committed the job; `performance.now()`, ms. */
  readonly seenAt: number;
  /** Nomad's own stamp from before it committed, on the scale of `performance.now()`, ms. */
  readonly submittedAt: number;
}

interface JobEvent {
  Type: string;
  Key: string;
  Payload: { Job: { SubmitTime: number } };
}

/**
 * When each job of any namespace was registered (a namespace made later is not followed), by Nomad's event stream: one stopwatch for all who register, in the
 * process that also stamps their calls. Nomad publishes an event as part of the commit, so this is never earlier than
 * the commit, and later by what the stream takes (the bare callers' rounds show how much).
 */
export class Registrations {
  private readonly seen = new Map<string, Registration>();

  private constructor(private readonly stream: IncomingMessage) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (piece: string) => {
      const now = performance.now();
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.read(line, now);
    });
    stream.on('error', () => undefined);
  }

  static async follow({ addr, token }: { addr: string; token: string }): Promise<Registrations> {
    const url = new URL('/v1/event/stream?topic=Job&namespace=*', addr);
    const stream = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { headers: { 'X-Nomad-Token': token }, agent: false }, resolve).on('error', reject);
    });
    if (stream.statusCode !== 200) throw new Error(`Nomad's event stream answered ${stream.statusCode}.`);
    return new Registrations(stream);
  }

  /** Of each job, in their order; waits until all are there. */
  async all(jobs: readonly string[], timeout = 120_000): Promise<Registration[]> {
    await eventually(
      () => jobs.filter((job) => !this.seen.has(job)).length,
      (missing) => missing === 0,
      { timeout, interval: 20, what: `${jobs.length} jobs to be registered` },
    );
    return jobs.flatMap((job) => this.seen.get(job) ?? []);
  }

  close(): void {
    this.stream.destroy();
  }

  private read(line: string, seenAt: number): void {
    if (!line.includes('"JobRegistered"')) return;
    const { Events } = JSON.parse(line) as { Events: JobEvent[] };
    for (const { Type, Key, Payload } of Events) {
      if (Type !== 'JobRegistered' || this.seen.has(Key)) continue;
      const submittedAt = Payload.Job.SubmitTime / 1e6 - performance.timeOrigin;
      this.seen.set(Key, { seenAt, submittedAt });
    }
  }
}
