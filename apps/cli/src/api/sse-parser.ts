/** One event of a text/event-stream. */
export interface SseEvent {
  readonly event: string;
  readonly data: string;
}

/** Reads a text/event-stream from pieces that end anywhere, as the HTML standard has it. */
export class SseParser {
  /** Of the last whole event; sent as `Last-Event-ID` when coming back. */
  lastEventId = '';
  /** How long the server wants a reader to wait before it comes back, ms. */
  retryMs: number | undefined;

  private decoder = new TextDecoder();
  private rest = '';
  private event = '';
  private data: string[] = [];
  private id: string | undefined;

  /** Before a new connection: what the old one left unfinished comes again. */
  restart(): void {
    this.decoder = new TextDecoder();
    this.rest = '';
    this.event = '';
    this.data = [];
    this.id = undefined;
  }

  /** The events that these bytes complete. */
  push(bytes: Uint8Array): SseEvent[] {
    this.rest += this.decoder.decode(bytes, { stream: true });
    const events: SseEvent[] = [];
    for (let line = this.takeLine(); line !== undefined; line = this.takeLine()) {
      if (line !== '') this.readField(line);
      else events.push(...this.finishEvent());
    }
    return events;
  }

  private takeLine(): string | undefined {
    const match = /\r\n|\n|\r/.exec(this.rest);
    if (match === null) return undefined;
    // a CR at the very end may be half of a CRLF
    if (match[0] === '\r' && match.index === this.rest.length - 1) return undefined;
    const line = this.rest.slice(0, match.index);
    this.rest = this.rest.slice(match.index + match[0].length);
    return line;
  }

  private readField(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    switch (name) {
      case 'event':
        this.event = value;
        break;
      case 'data':
        this.data.push(value);
        break;
      case 'id':
        if (!value.includes('\0')) this.id = value;
        break;
      case 'retry':
        if (/^\d+$/.test(value)) this.retryMs = Number(value);
        break;
      default:
        break;
    }
  }

  private finishEvent(): SseEvent[] {
    if (this.id !== undefined) this.lastEventId = this.id;
    const event = this.event === '' ? 'message' : this.event;
    const events = this.data.length === 0 ? [] : [{ event, data: this.data.join('\n') }];
    this.event = '';
    this.data = [];
    this.id = undefined;
    return events;
  }
}
