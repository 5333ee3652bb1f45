import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import {
  decodeTerminalMessage,
  encodeTerminalMessage,
  LONGEST_MESSAGE,
  TERMINAL_END_HEADER,
  type TerminalControl,
} from '@knot/contract';
import { FrameReader, frameOf } from '@knot/link/streams';
import { farewell } from '../farewell.js';
import { loginShell } from './shell.js';
import { Terminal, type Window } from './terminal.js';

const MOST = 64;

/** The terminals of a space. Each lives until its shell ends or its window is closed for good. */
export class Terminals {
  private readonly terminals = new Map<string, Terminal>();

  constructor(
    private readonly onActive: () => void,
    /** The shell that the space asks for. */
    private readonly shell: () => string,
  ) {}

  /** A stream of a window; the leaf has checked whose it is. */
  serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const user = String(headers['knot-user'] ?? '');
    stream.respond({ ':status': 200 });
    const frames = new FrameReader(LONGEST_MESSAGE);
    const window: Window = {
      send: (message) => {
        if (stream.writable) stream.write(frameOf(message));
      },
      close: () => farewell(stream),
    };
    let terminal: Terminal | null = null;
    stream.on('data', (chunk: Buffer) => {
      try {
        for (const frame of frames.take(chunk)) {
          // a window that was cut types no more
          if (stream.closed) return;
          const message = decodeTerminalMessage(frame);
          if (!message) throw new Error('This is no message of a terminal.');
          if (terminal) terminal.take(message);
          else if (message.kind === 'control') terminal = this.open(window, user, message.control);
        }
      } catch (error) {
        refuse(window, error instanceof Error ? error.message : String(error));
      }
    });
    stream.once('close', () => terminal?.detach(window));
  }

  /** Tells of a user's own terminals, once the one that is named, if any, is told to end. */
  list(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const ending = String(headers[TERMINAL_END_HEADER] ?? '');
    const own = [...this.terminals.values()].filter(({ user }) => user === String(headers['knot-user'] ?? ''));
    own.find(({ id }) => id === ending)?.close();
    stream.respond({ ':status': 200 });
    stream.resume();
    stream.end(own.flatMap((one) => (one.id === ending ? [] : `${JSON.stringify(one.told())}\n`)).join(''));
  }

  close(): void {
    for (const terminal of this.terminals.values()) terminal.close();
  }

  private open(window: Window, user: string, control: TerminalControl): Terminal | null {
    if (control.say !== 'open') return null;
    const { terminal: had, create, received, size } = control;
    const before = this.mine(user, had);
    // one that was made for it, and its window never heard so
    const terminal = before ?? this.mine(user, create) ?? this.create(user, control);
    if (terminal) terminal.attach(window, before ? received : 0, size, before === null);
    else refuse(window, `${MOST} terminals are open here: close one first.`);
    return terminal;
  }

  private mine(user: string, id: string): Terminal | null {
    const known = this.terminals.get(id);
    return known?.user === user ? known : null;
  }

  /** Null where there are as many as there may be. */
  private create(user: string, { create, size }: Extract<TerminalControl, { say: 'open' }>): Terminal | null {
    if (this.terminals.size >= MOST) return null;
    const id = create === '' || this.terminals.has(create) ? randomUUID() : create;
    const terminal = new Terminal(id, user, loginShell(process.env, this.shell()), size, {
      end: (ended) => this.terminals.delete(ended.id),
      active: this.onActive,
    });
    this.terminals.set(terminal.id, terminal);
    return terminal;
  }
}

function refuse(window: Window, message: string): void {
  window.send(encodeTerminalMessage({ kind: 'control', control: { say: 'refused', message } }));
  window.close();
}
