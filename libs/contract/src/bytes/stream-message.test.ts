import { describe, expect, it } from 'vitest';
import { decodeStreamMessage, deliver, streamCarrier } from './stream-message.js';

describe('what goes between a client of SSH and the agent', () => {
  it('is heard at the other end as it was said, and words of opening are read apart', () => {
    const heard: unknown[] = [];
    const carrier = streamCarrier(
      (encoded) => {
        const message = decodeStreamMessage(encoded);
        heard.push(message?.kind === 'control' ? message.control : message?.kind);
        if (message) {
          deliver(message, {
            gotData: (at, bytes) => heard.push([at, ...bytes]),
            gotAck: (at) => heard.push(at),
            gotEnd: (at) => heard.push(at),
          });
        }
      },
      () => undefined,
    );
    carrier.control({ say: 'open', stream: '', received: 0 });
    carrier.data(2 ** 40, new Uint8Array([1, 2]));
    carrier.ack(7);
    carrier.end(9);
    const open = { say: 'open', stream: '', received: 0 };
    expect(heard).toEqual([open, 'data', [2 ** 40, 1, 2], 'ack', 7, { say: 'end', at: 9 }, 9]);
  });

  it('is nothing where its words are unknown or its names are none', () => {
    const text = (control: unknown) => new Uint8Array([3, ...new TextEncoder().encode(JSON.stringify(control))]);
    for (const control of [{ say: 'dance' }, { say: 'open', stream: '../x', received: 0 }, { say: 'end', at: -1 }, 1]) {
      expect(decodeStreamMessage(text(control))).toBeNull();
    }
  });
});
