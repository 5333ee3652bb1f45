import {
  BYTES_PROTOCOLS,
  decodeTerminalMessage,
  encodeTerminalMessage,
  TICKET_PROTOCOL,
  type TerminalMessage,
} from '@knot/contract';
import { WebSocket } from 'ws';
import type { ApiClient } from './api-client.js';
import { eventually } from './eventually.js';

const SIZE = { columns: 80, rows: 24 };

/** A terminal as the dashboard has one, without a screen: it comes back to its shell when told to. */
export class TerminalWindow {
  /** All that was printed. */
  said = '';
  /** Of the shell, once one is there. */
  id = '';
  /** Why it was turned away. */
  refused = '';
  closed = true;
  private received = 0;
  private sent = 0;
  private socket: WebSocket | null = null;
  private heard: (() => void) | null = null;

  constructor(
    private readonly url: string,
    private readonly api: Pick<ApiClient, 'request'>,
    private readonly space: string,
  ) {}

  /** Opens the terminal, or the one that it had. */
  async open(): Promise<this> {
    const asked = { action: 'terminal' };
    const path = `/spaces/${this.space}/tickets`;
    const { ticket, path: where } = await this.api.request<{ ticket: string; path: string }>('POST', path, asked);
    const socket = new WebSocket(this.url.replace(/^http/, 'ws') + where, [
      BYTES_PROTOCOLS.terminal,
      TICKET_PROTOCOL + ticket,
    ]);
    this.socket = socket;
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    this.closed = false;
    socket.on('error', () => socket.terminate());
    socket.once('close', () => (this.closed = true));
    const opened = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const message = Buffer.isBuffer(data) ? decodeTerminalMessage(data) : null;
        if (message) this.take(message);
        if (message?.kind === 'control') resolve();
      });
      socket.once('close', () => resolve());
    });
    const { id: terminal, received } = this;
    this.send({ kind: 'control', control: { say: 'open', terminal, create: '', received, size: SIZE } });
    await opened;
    return this;
  }

  /** As a page does: it tries again as long as the leaf's link hangs nowhere. */
  openSoon(): Promise<boolean> {
    const opened = () =>
      this.open().then(
        () => true,
        () => false,
      );
    return eventually(opened, Boolean, { timeout: 60_000, what: 'the terminal to be open' });
  }

  type(text: string): void {
    const bytes = Buffer.from(text);
    this.send({ kind: 'data', at: this.sent, bytes });
    this.sent += bytes.length;
  }

  /** Types one key and resolves with its echo. */
  async key(letter: string): Promise<void> {
    const echoed = new Promise<void>((resolve) => (this.heard = resolve));
    this.type(letter);
    await echoed;
  }

  hears(text: string | RegExp): Promise<string> {
    return eventually(
      () => this.said,
      (all) => (typeof text === 'string' ? all.includes(text) : text.test(all)),
      { timeout: 60_000, interval: 50, what: `the terminal to print ${text}` },
    );
  }

  /** Reads nothing any more, as a window that is stuck. */
  stick(): void {
    this.socket?.pause();
  }

  /** Goes away without a word. */
  leave(): void {
    this.socket?.terminate();
  }

  private send(message: TerminalMessage): void {
    this.socket?.send(encodeTerminalMessage(message));
  }

  private take(message: TerminalMessage): void {
    if (message.kind === 'data') {
      const fresh = message.bytes.subarray(Math.max(0, this.received - message.at));
      this.received += fresh.length;
      this.said += Buffer.from(fresh).toString();
      this.send({ kind: 'ack', at: this.received });
      this.heard?.();
      this.heard = null;
    }
    if (message.kind !== 'control') return;
    if (message.control.say === 'opened') this.id = message.control.terminal;
    if (message.control.say === 'refused') this.refused = message.control.message;
  }
}
