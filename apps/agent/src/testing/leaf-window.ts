import { once } from 'node:events';
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import {
  decodeTerminalMessage,
  encodeTerminalMessage,
  LONGEST_MESSAGE,
  type TerminalControl,
  type TerminalMessage,
} from '@knot/contract';
import { FrameReader, frameOf } from '@knot/link/streams';

const size = { columns: 80, rows: 24 };

/** A window of a terminal as the leaf has it: it ends its side only once the agent's has closed. */
export class LeafWindow {
  readonly stream: ClientHttp2Stream;
  readonly closed: Promise<unknown>;
  readonly heard: TerminalControl[] = [];
  /** All that was printed. */
  said = '';
  private acknowledged = 0;
  private waiting: (() => void) | null = null;

  constructor(leaf: ClientHttp2Session, terminal: string, { create = '', user = 'ann' } = {}) {
    this.stream = leaf.request({ ':method': 'POST', ':path': '/terminal', 'knot-user': user }, { endStream: false });
    this.stream.on('error', () => undefined);
    this.closed = once(this.stream, 'close');
    const frames = new FrameReader(LONGEST_MESSAGE);
    this.stream.on('data', (chunk: Buffer) => {
      for (const frame of frames.take(chunk)) this.take(decodeTerminalMessage(frame));
      this.waiting?.();
    });
    this.say({ say: 'open', terminal, create, received: 0, size });
  }

  say(control: TerminalControl): void {
    this.send({ kind: 'control', control });
  }

  /** What has been typed before is counted by `at`. */
  type(at: number, text: string): void {
    this.send({ kind: 'data', at, bytes: Buffer.from(text) });
  }

  /** All that was printed before this number is on its screen. */
  drew(at: number): void {
    this.send({ kind: 'ack', at });
  }

  /** What the agent has answered. */
  async answer(): Promise<Extract<TerminalControl, { say: 'opened' }>> {
    for (;;) {
      const [first] = this.heard;
      if (first?.say === 'opened') return first;
      await this.more();
    }
  }

  async opened(): Promise<string> {
    return (await this.answer()).terminal;
  }

  async hears(text: string): Promise<void> {
    while (!this.said.includes(text)) await this.more();
  }

  /** Until the agent has all that was typed before this number. */
  async taken(at: number): Promise<void> {
    while (this.acknowledged < at) await this.more();
  }

  private more(): Promise<void> {
    return new Promise((resolve) => (this.waiting = resolve));
  }

  private send(message: TerminalMessage): void {
    this.stream.write(frameOf(encodeTerminalMessage(message)));
  }

  private take(message: TerminalMessage | null): void {
    if (message?.kind === 'control') this.heard.push(message.control);
    if (message?.kind === 'ack') this.acknowledged = message.at;
    if (message?.kind === 'data') this.said += Buffer.from(message.bytes).toString();
  }
}
