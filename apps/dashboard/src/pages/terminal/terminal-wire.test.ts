import { decodeTerminalMessage, encodeTerminalMessage, type TerminalMessage } from '@knot/contract/terminal';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { TerminalWire, type WireState } from './terminal-wire.js';

const TERMINAL = '8c5ff76c-5b1e-4f0d-9d40-5d7ab7c0b1a2';
const bytes = (text: string) => new TextEncoder().encode(text);
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

/** A shell as the agent keeps it: it counts what was typed, and what comes twice counts once. */
class Shell {
  typed = '';
  /** Output that a window has drawn before. */
  shown = 0;
  /** What was asked for, one for each connection. */
  readonly asked: { readonly terminal: string; readonly create: string }[] = [];
  readonly sockets: FakeSocket[] = [];

  constructor(private readonly id: string) {}

  /** A window that answers nothing until `answer`. */
  connect(): FakeSocket {
    const socket = new FakeSocket((message) => {
      if (message.kind === 'control' && message.control.say === 'open') this.asked.push(message.control);
      if (message.kind !== 'data') return;
      const skip = this.typed.length - message.at;
      if (skip < 0 || skip > message.bytes.length) return;
      this.typed += new TextDecoder().decode(message.bytes.subarray(skip));
    });
    this.sockets.push(socket);
    return socket;
  }

  answer(socket: FakeSocket, fresh = false): void {
    const { id: terminal, shown } = this;
    const control = { say: 'opened', terminal, received: this.typed.length, from: 0, shown, fresh } as const;
    socket.tell({ kind: 'control', control });
  }
}

class FakeSocket extends EventTarget {
  readyState = 1;
  binaryType = 'blob';
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;

  constructor(private readonly take: (message: TerminalMessage) => void) {
    super();
  }

  send(encoded: Uint8Array): void {
    const message = decodeTerminalMessage(encoded);
    if (message) this.take(message);
  }

  tell(message: TerminalMessage): void {
    this.onmessage?.({ data: Uint8Array.from(encodeTerminalMessage(message)).buffer });
  }

  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }
}

/** The wire of a page that was loaded again: it knows the terminal's id and nothing else. */
async function loadAgain(shell: Shell, terminal = TERMINAL) {
  const states: WireState[] = [];
  const drawings: [text: string, again: boolean][] = [];
  const wire = new TerminalWire(terminal, { columns: 80, rows: 24 }, portsTo(shell), {
    output: (bytes, again, drawn) => {
      drawings.push([new TextDecoder().decode(bytes), again]);
      drawn();
    },
    gap: () => undefined,
    opened: () => undefined,
    ended: () => undefined,
    state: (state) => states.push(state),
  });
  await settled();
  const [socket] = shell.sockets.slice(-1);
  if (!socket) throw new Error('nothing was dialled');
  return { wire, socket, states, drawings };
}

function portsTo(shell: Shell) {
  let ids = 0;
  return {
    open: () => Promise.resolve({ socket: shell.connect() as unknown as WebSocket, by: 'by the origin' }),
    chance: () => 0,
    newId: () => `8c5ff76c-5b1e-4f0d-9d40-00000000000${(ids += 1)}`,
  };
}

describe('what is typed while the page is loaded again', () => {
  it('comes once, after all that the shell had before', async () => {
    const shell = new Shell(TERMINAL);
    shell.typed = 'echo before\r';
    const { wire, socket, states } = await loadAgain(shell);
    wire.type(bytes('ec'));
    wire.type(bytes('ho'));
    shell.answer(socket);
    wire.type(bytes(' after\r'));
    expect(shell.typed).toBe('echo before\recho after\r');
    expect(states).toEqual(['connecting', 'connected']);
    wire.leave();
  });

  it('is not typed twice when the connection is lost before the shell has said that it has it', async () => {
    const shell = new Shell(TERMINAL);
    const { wire, socket } = await loadAgain(shell);
    shell.answer(socket);
    wire.type(bytes('rm x\r'));
    socket.close();
    wire.type(bytes('ls\r'));
    wire.hurry();
    await settled();
    const [, again] = shell.sockets;
    if (again) shell.answer(again);
    expect(shell.typed).toBe('rm x\rls\r');
    wire.leave();
  });
});

describe('a shell that its window has not heard of', () => {
  it('is asked for by the same id until it is there, and the next one by another', async () => {
    const shell = new Shell(TERMINAL);
    const { wire, socket } = await loadAgain(shell, '');
    wire.type(bytes('ls\r'));
    socket.close();
    wire.hurry();
    await settled();
    const again = shell.sockets[1];
    if (again) shell.answer(again, true);
    expect(shell.typed).toBe('ls\r');
    again?.close();
    wire.hurry();
    await settled();
    expect(shell.asked.map(({ terminal }) => terminal)).toEqual(['', '', TERMINAL]);
    const [first, second, third] = shell.asked.map(({ create }) => create);
    expect([first === second, second === third]).toEqual([true, false]);
    wire.leave();
  });
});

describe('a machine that has slept', () => {
  afterEach(() => void vi.useRealTimers());

  it('is back in its shell as soon as somebody looks, though nothing has told that the connection is dead', async () => {
    const shell = new Shell(TERMINAL);
    const { wire, socket, states } = await loadAgain(shell);
    shell.answer(socket);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 8 * 3_600_000 });
    wire.type(bytes('ls\r'));
    // what is sent there is lost
    shell.typed = '';
    wire.hurry();
    await settled();
    const again = shell.sockets[1];
    if (again) shell.answer(again);
    expect(shell.typed).toBe('ls\r');
    expect(states).toEqual(['connecting', 'connected', 'away', 'connected']);
    wire.leave();
  });

  it('is left alone where its connection lives', async () => {
    const shell = new Shell(TERMINAL);
    const { wire, socket, states } = await loadAgain(shell);
    shell.answer(socket);
    wire.hurry();
    await settled();
    expect(shell.sockets).toHaveLength(1);
    expect(states).toEqual(['connecting', 'connected']);
    wire.leave();
  });
});

describe('what was shown before the page was loaded again', () => {
  it('is drawn again as such, up to where a window had drawn it', async () => {
    const shell = new Shell(TERMINAL);
    shell.shown = 5;
    const { wire, socket, drawings } = await loadAgain(shell);
    shell.answer(socket);
    socket.tell({ kind: 'data', at: 0, bytes: bytes('hello world') });
    socket.tell({ kind: 'data', at: 11, bytes: bytes('!') });
    expect(drawings).toEqual([
      ['hello', true],
      [' world', false],
      ['!', false],
    ]);
    wire.leave();
  });
});
