import type { ServerHttp2Stream } from 'node:http2';
import type { AgentReport } from '@knot/contract';

/** Tells the leaf what the agent sees: all at once when it comes, then whenever something has changed. */
export class Reports {
  private readonly readers = new Set<ServerHttp2Stream>();

  constructor(private readonly present: () => AgentReport) {}

  follow(stream: ServerHttp2Stream): void {
    stream.respond({ ':status': 200 });
    this.readers.add(stream);
    stream.once('close', () => this.readers.delete(stream));
    stream.write(this.line());
  }

  changed(): void {
    const line = this.line();
    for (const reader of this.readers) reader.write(line);
  }

  private line(): string {
    return `${JSON.stringify(this.present())}\n`;
  }
}
