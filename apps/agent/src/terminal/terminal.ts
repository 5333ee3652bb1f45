import {
  encodeTerminalMessage,
  LONGEST_PIECE,
  type TerminalControl,
  type TerminalMessage,
  type TerminalSize,
  type ToldTerminal,
} from '@knot/contract';
import { Replay } from '@knot/link/streams';
import { spawn, type IPty } from '@lydell/node-pty';
import type { Shell } from './shell.js';

/** It hands on bytes as they are, which its own types do not say. */
interface BytesOut {
  write(data: string | Uint8Array): void;
}

/** Output kept for a window that comes back, bytes. */
const KEPT = 1024 * 1024;
/** Output that a window may owe its word for before the shell is made to wait, bytes. */
const MOST_OWED = 512 * 1024;
/** The word for what was typed can wait, so that nothing goes before its echo, ms; for so many bytes it does not. */
const WORD_MS = 100;
const MOST_UNTOLD = 32 * 1024;

/** A window that is connected to a terminal. */
export interface Window {
  send(message: Uint8Array): void;
  close(): void;
}

/** One shell with a screen. It goes on without a window, and does not wait for one. */
export class Terminal {
  private readonly pty: IPty;
  private readonly input: BytesOut;
  private readonly output = new Replay(KEPT);
  private readonly startedAt = Date.now();
  private activeAt = this.startedAt;
  private received = 0;
  private toldReceived = 0;
  private word: NodeJS.Timeout | null = null;
  private acknowledged = 0;
  /** Up to where any window has drawn it. */
  private shown = 0;
  private window: Window | null = null;
  private waits = false;

  constructor(
    readonly id: string,
    /** User id: nobody else's window gets in. */
    readonly user: string,
    shell: Shell,
    size: TerminalSize,
    private readonly on: { readonly end: (terminal: Terminal) => void; readonly active: () => void },
  ) {
    this.pty = spawn(shell.program, [...shell.args], {
      cwd: shell.folder,
      env: { ...shell.env },
      cols: size.columns,
      rows: size.rows,
      encoding: null,
    });
    this.input = this.pty;
    this.pty.onData((data: string | Uint8Array) => this.printed(Buffer.from(data)));
    this.pty.onExit(({ exitCode }) => this.ended(exitCode));
  }

  /** A window has come (back), with output up to `received`: the one before it, if any, is told and cut. */
  attach(window: Window, received: number, size: TerminalSize, fresh: boolean): void {
    // or it would come back at once and cut this one
    this.control({ say: 'refused', message: 'This terminal goes on in another window.' });
    this.window?.close();
    this.window = window;
    const from = Math.min(Math.max(received, this.output.from), this.output.next);
    this.acknowledged = from;
    const { id: terminal, shown } = this;
    this.control({ say: 'opened', terminal, received: this.received, from, shown, fresh });
    for (const { at, bytes } of this.output.since(from)) this.send({ kind: 'data', at, bytes });
    this.pty.resize(size.columns, size.rows);
    this.flow();
  }

  detach(window: Window): void {
    if (this.window !== window) return;
    this.window = null;
    this.flow();
  }

  take(message: TerminalMessage): void {
    switch (message.kind) {
      case 'data':
        return this.typed(message.at, message.bytes);
      case 'ack':
        this.acknowledged = Math.max(this.acknowledged, message.at);
        this.shown = Math.max(this.shown, Math.min(message.at, this.output.next));
        return this.flow();
      case 'control':
        if (message.control.say === 'resize') this.pty.resize(message.control.size.columns, message.control.size.rows);
        if (message.control.say === 'close') this.close();
    }
  }

  told(): ToldTerminal {
    const { id, startedAt, activeAt } = this;
    return { id, startedAt, activeAt, shown: this.window !== null, program: this.pty.process };
  }

  /** As a closed window does: the shell is told to hang up. */
  close(): void {
    this.pty.kill('SIGHUP');
  }

  /** What came twice, because its word was lost, counts once. */
  private typed(at: number, bytes: Uint8Array): void {
    const skip = this.received - at;
    if (skip < 0 || skip > bytes.length) return;
    const fresh = bytes.subarray(skip);
    this.received += fresh.length;
    if (fresh.length > 0) {
      this.input.write(Buffer.from(fresh));
      this.activeAt = Date.now();
      this.on.active();
    }
    if (this.received - this.toldReceived >= MOST_UNTOLD) this.tellReceived();
    else this.word ??= setTimeout(() => this.tellReceived(), WORD_MS);
  }

  private tellReceived(): void {
    if (this.word) clearTimeout(this.word);
    this.word = null;
    this.toldReceived = this.received;
    this.send({ kind: 'ack', at: this.received });
  }

  private printed(data: Buffer): void {
    this.activeAt = Date.now();
    for (let start = 0; start < data.length; start += LONGEST_PIECE) {
      const bytes = data.subarray(start, start + LONGEST_PIECE);
      this.send({ kind: 'data', at: this.output.next, bytes });
      this.output.push(bytes);
    }
    this.flow();
  }

  /** A window that does not keep up makes the shell wait; one that is away does not. */
  private flow(): void {
    const waits = this.window !== null && this.output.next - this.acknowledged > MOST_OWED;
    if (waits === this.waits) return;
    this.waits = waits;
    if (waits) this.pty.pause();
    else this.pty.resume();
  }

  private ended(code: number): void {
    if (this.word) clearTimeout(this.word);
    this.control({ say: 'ended', code });
    this.window?.close();
    this.window = null;
    this.on.end(this);
  }

  private control(control: TerminalControl): void {
    this.send({ kind: 'control', control });
  }

  private send(message: TerminalMessage): void {
    this.window?.send(encodeTerminalMessage(message));
  }
}
