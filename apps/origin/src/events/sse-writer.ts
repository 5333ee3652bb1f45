import type { ServerResponse } from 'node:http';
import { KnotError } from '@knot/shared/errors';

/** A reader that takes nothing for this long is cut; it comes back and goes on where it was. */
const DRAIN_MS = 10_000;

/** Writes server-sent events and waits for a slow reader. */
export class SseWriter {
  private notes = new Set<string>();

  constructor(private readonly response: ServerResponse) {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
  }

  get ended(): boolean {
    return this.response.destroyed || this.response.writableEnded;
  }

  note(location: string): void {
    this.notes.add(location);
  }

  takeNotes(): readonly string[] {
    const notes = [...this.notes];
    this.notes = new Set();
    return notes;
  }

  async event(name: string, data: unknown, id: string): Promise<void> {
    const idLine = id === '' ? '' : `id: ${id}\n`;
    await this.write(`event: ${name}\n${idLine}data: ${JSON.stringify(data)}\n\n`);
  }

  /** Moves the reader's Last-Event-ID without an event. */
  async position(id: string): Promise<void> {
    await this.write(`id: ${id}\n\n`);
  }

  private async write(text: string): Promise<void> {
    if (this.ended || this.response.write(text)) return;
    await new Promise<void>((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.response.off('drain', done).off('close', done);
        resolve();
      };
      const timer = setTimeout(() => {
        this.response.off('drain', done).off('close', done);
        this.response.destroy();
        reject(new KnotError('server.unavailable', 'A reader of the events takes nothing.'));
      }, DRAIN_MS);
      this.response.once('drain', done).once('close', done);
    });
  }
}
