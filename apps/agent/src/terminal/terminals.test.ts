import { connect, type ClientHttp2Session } from 'node:http2';
import { duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseToldTerminal, TERMINAL_END_HEADER, type ToldTerminal } from '@knot/contract';
import { frameOf } from '@knot/link/streams';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serveLeaf, type Routes } from '../serve.js';
import { LeafWindow } from '../testing/leaf-window.js';
import { Terminals } from './terminals.js';

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

describe('the stream of a window', () => {
  it('closes as the shell ends, though the leaf has not ended its side', async () => {
    const window = new LeafWindow(leaf, '');
    await window.opened();
    window.say({ say: 'close' });
    await window.closed;
    expect(window.heard.at(-1)).toMatchObject({ say: 'ended' });
    expect(window.stream.rstCode).toBe(0);
  });

  it('closes as another window takes the terminal, which goes on', async () => {
    const first = new LeafWindow(leaf, '');
    const id = await first.opened();
    const second = new LeafWindow(leaf, id);
    expect(await second.opened()).toBe(id);
    await first.closed;
    // so that it does not come back and take it again
    expect(first.heard.at(-1)).toEqual({ say: 'refused', message: 'This terminal goes on in another window.' });
    expect(second.heard).toEqual([expect.objectContaining({ say: 'opened', fresh: false })]);
  });

  it('is told up to where one before it has drawn', async () => {
    const first = new LeafWindow(leaf, '');
    const { terminal, shown } = await first.answer();
    expect(shown).toBe(0);
    const typed = 'echo dr$((0))wn\n';
    first.type(0, typed);
    await first.hears('dr0wn');
    first.drew(4);
    // what is said is heard in turn
    first.type(typed.length, 'echo th$((0))n\n');
    await first.hears('th0n');
    expect(await new LeafWindow(leaf, terminal).answer()).toMatchObject({ from: 0, shown: 4, fresh: false });
  });

  it('closes as it says what is no message, with the reason', async () => {
    const window = new LeafWindow(leaf, '');
    await window.opened();
    window.stream.write(frameOf(new Uint8Array([9, 9])));
    await window.closed;
    expect(window.heard.at(-1)).toEqual({ say: 'refused', message: 'This is no message of a terminal.' });
  });
});

describe('a window that was lost before it heard of its shell', () => {
  const ID = '8c5ff76c-5b1e-4f0d-9d40-5d7ab7c0b1a2';

  it('comes back to that one, and not to another', async () => {
    const lost = new LeafWindow(leaf, '', { create: ID });
    await lost.opened();
    lost.stream.close();
    const again = new LeafWindow(leaf, '', { create: ID });
    expect(await again.answer()).toMatchObject({ terminal: ID, fresh: true, received: 0, from: 0 });
    again.type(0, 'echo one-of-$((0+1))\n');
    await again.hears('one-of-1');
  });

  it('gets none of somebody else by its id', async () => {
    const anns = new LeafWindow(leaf, '', { create: ID });
    await anns.opened();
    const bens = new LeafWindow(leaf, ID, { create: ID, user: 'ben' });
    const { terminal, fresh } = await bens.answer();
    expect([terminal === ID, fresh]).toEqual([false, true]);
  });
});

describe("somebody's terminals", () => {
  const told = async (user: string, ending = ''): Promise<ToldTerminal[]> => {
    const headers = { ':method': 'POST', ':path': '/terminals', 'knot-user': user, [TERMINAL_END_HEADER]: ending };
    const lines = (await text(leaf.request(headers, { endStream: false }))).split('\n');
    return lines.flatMap((line) => parseToldTerminal(line) ?? []);
  };

  it('are told to them alone, and end at their word alone', async () => {
    const window = new LeafWindow(leaf, '');
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
