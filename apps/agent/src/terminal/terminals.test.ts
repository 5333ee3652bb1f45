import { once } from 'node:events';
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  decodeTerminalMessage,
  encodeTerminalMessage,
  LONGEST_MESSAGE,
  parseToldTerminal,
  TERMINAL_END_HEADER,
  type TerminalControl,
  type ToldTerminal,
} from '@knot/contract';
import { FrameReader, frameOf } from '@knot/link/streams';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveLeaf, type Routes } from '../serve.js';
import { Terminals } from './terminals.js';

const size = { columns: 80, rows: 24 };
let terminals: Terminals;
let leaf: ClientHttp2Session;

beforeEach(() => {
  terminals = new Terminals(
    () => undefined,
    () => '',
  );
  const [agentEnd, leafEnd] = duplexPair();
  const routes: Routes = new Map([
    ['/terminal', (stream, headers) => terminals.serve(stream, headers)],
    ['/terminals', (stream, headers) => terminals.list(stream, headers)],
  ]);
  void serveLeaf(agentEnd, routes);
  leaf = connect('http://agent', { createConnection: () => leafEnd });
});

afterEach(() => {
  terminals.close();
  leaf.destroy();
});

/** As the leaf has one: it ends its side only once the agent's has closed. */
class LeafStream {
  readonly stream: ClientHttp2Stream;
  readonly closed: Promise<unknown>;
  readonly heard: TerminalControl[] = [];
  private waiting: (() => void) | null = null;

  constructor(terminal: string) {
    this.stream = leaf.request({ ':method': 'POST', ':path': '/terminal', 'knot-user': 'ann' }, { endStream: false });
    this.closed = once(this.stream, 'close');
    const frames = new FrameReader(LONGEST_MESSAGE);
    this.stream.on('data', (chunk: Buffer) => {
      for (const frame of frames.take(chunk)) {
        const message = decodeTerminalMessage(frame);
        if (message?.kind === 'control') this.heard.push(message.control);
      }
      this.waiting?.();
    });
    this.say({ say: 'open', terminal, received: 0, size });
  }

  say(control: TerminalControl): void {
    this.stream.write(frameOf(encodeTerminalMessage({ kind: 'control', control })));
  }

  async opened(): Promise<string> {
    for (;;) {
      const [first] = this.heard;
      if (first?.say === 'opened') return first.terminal;
      await new Promise<void>((resolve) => (this.waiting = resolve));
    }
  }
}

describe('the stream of a window', () => {
  it('closes as the shell ends, though the leaf has not ended its side', async () => {
    const window = new LeafStream('');
    await window.opened();
    window.say({ say: 'close' });
    await window.closed;
    expect(window.heard.at(-1)).toMatchObject({ say: 'ended' });
    expect(window.stream.rstCode).toBe(0);
  });

  it('closes as another window takes the terminal, which goes on', async () => {
    const first = new LeafStream('');
    const id = await first.opened();
    const second = new LeafStream(id);
    expect(await second.opened()).toBe(id);
    await first.closed;
    // so that it does not come back and take it again
    expect(first.heard.at(-1)).toEqual({ say: 'refused', message: 'This terminal goes on in another window.' });
    expect(second.heard).toEqual([expect.objectContaining({ say: 'opened', fresh: false })]);
  });

  it('closes as it says what is no message, with the reason', async () => {
    const window = new LeafStream('');
    await window.opened();
    window.stream.write(frameOf(new Uint8Array([9, 9])));
    await window.closed;
    expect(window.heard.at(-1)).toEqual({ say: 'refused', message: 'This is no message of a terminal.' });
  });
});

describe("somebody's terminals", () => {
  const told = async (user: string, ending = ''): Promise<ToldTerminal[]> => {
    const headers = { ':method': 'POST', ':path': '/terminals', 'knot-user': user, [TERMINAL_END_HEADER]: ending };
    const lines = (await text(leaf.request(headers, { endStream: false }))).split('\n');
    return lines.flatMap((line) => parseToldTerminal(line) ?? []);
  };

  it('are told to them alone, and end at their word alone', async () => {
    const window = new LeafStream('');
    const id = await window.opened();
    expect(await told('ann')).toEqual([
      expect.objectContaining({ id, shown: true, startedAt: expect.any(Number), program: expect.any(String) }),
    ]);
    expect(await told('ben', id)).toEqual([]);
    expect(await told('ann')).toHaveLength(1);
    expect(await told('ann', id)).toEqual([]);
    await window.closed;
    expect(window.heard.at(-1)).toMatchObject({ say: 'ended' });
  });
});
