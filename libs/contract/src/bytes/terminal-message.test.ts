import { describe, expect, it } from 'vitest';
import { decodeTerminalMessage, encodeTerminalMessage, type TerminalMessage } from './terminal-message.js';

const size = { columns: 80, rows: 24 };
const UUID = '8c5ff76c-5b1e-4f0d-9d40-5d7ab7c0b1a2';
const MESSAGES: TerminalMessage[] = [
  { kind: 'data', at: 2 ** 40 + 1, bytes: new Uint8Array([0, 255, 27]) },
  { kind: 'ack', at: 7 },
  { kind: 'control', control: { say: 'open', terminal: '', create: UUID, received: 0, size } },
  { kind: 'control', control: { say: 'open', terminal: 'a1-b2', create: '', received: 3, size } },
  { kind: 'control', control: { say: 'resize', size } },
  { kind: 'control', control: { say: 'close' } },
  { kind: 'control', control: { say: 'opened', terminal: 'a1-b2', received: 3, from: 9, shown: 12, fresh: true } },
  { kind: 'control', control: { say: 'ended', code: 130 } },
  { kind: 'control', control: { say: 'refused', message: 'no' } },
];

describe('what goes between a window and an agent', () => {
  it.each(MESSAGES)('is read back as it was written: %j', (message) => {
    expect(decodeTerminalMessage(encodeTerminalMessage(message))).toEqual(message);
  });

  it('makes no terminal by an id that is none', () => {
    const text = JSON.stringify({ say: 'open', terminal: '', create: 'mine', received: 0, size });
    const decoded = decodeTerminalMessage(new Uint8Array([3, ...new TextEncoder().encode(text)]));
    expect(decoded).toMatchObject({ control: { say: 'open', create: '' } });
  });

  it('is nothing where it is too long, cut short or of unknown words', () => {
    const text = (control: unknown) => new Uint8Array([3, ...new TextEncoder().encode(JSON.stringify(control))]);
    const wrong = [
      new Uint8Array(),
      new Uint8Array([9, 1]),
      new Uint8Array([1, 0, 0]),
      new Uint8Array([2]),
      new Uint8Array(200_000).fill(1),
      new Uint8Array([3, 123]),
      text({ say: 'dance' }),
      text({ say: 'open', terminal: '../x', received: 0, size }),
      text({ say: 'resize', size: { columns: 0, rows: 9_999 } }),
    ];
    for (const bytes of wrong) expect(decodeTerminalMessage(bytes)).toBeNull();
  });
});
