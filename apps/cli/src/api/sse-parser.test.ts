import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { SseParser } from './sse-parser.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('SseParser', () => {
  it('reads events, ids, comments and the pause', () => {
    const parser = new SseParser();
    const text = ': hello\n\nretry: 2500\nid: 7\nevent: change\ndata: {"a":1}\n\ndata:plain\ndata: two\n\nid: 8\n\n';
    expect(parser.push(bytes(text))).toEqual([
      { event: 'change', data: '{"a":1}' },
      { event: 'message', data: 'plain\ntwo' },
    ]);
    expect(parser).toMatchObject({ lastEventId: '8', retryMs: 2500 });
  });

  it('gives nothing of an event that is not whole, and forgets it with the connection', () => {
    const parser = new SseParser();
    expect(parser.push(bytes('id: 1\ndata: a\n\nid: 2\nevent: change\ndata: b\n'))).toHaveLength(1);
    parser.restart();
    expect(parser.push(bytes('data: c\n\n'))).toEqual([{ event: 'message', data: 'c' }]);
    expect(parser.lastEventId).toBe('1');
  });

  it('ignores a field it does not know, a pause that is no number and an id with a zero in it', () => {
    const parser = new SseParser();
    expect(parser.push(bytes('foo: 1\nretry: soon\nid: a\0b\nid\ndata\n\n'))).toEqual([{ event: 'message', data: '' }]);
    expect([parser.lastEventId, parser.retryMs]).toEqual(['', undefined]);
  });

  const endings = fc.constantFrom('\n', '\r\n', '\r');
  const cuts = fc.array(fc.nat(200), { maxLength: 12 });
  test.prop([endings, cuts])('reads the same however it is cut and whatever ends its lines', (end, places) => {
    const text = ['id: 1', 'event: change', 'data: grüße 🚀', '', ': note', 'data: x', 'data: y', '', ''].join(end);
    // what follows shows that a CR at the very end was an end of line
    const all = bytes(`${text}:${end}`);
    const parser = new SseParser();
    const ends = [...places.map((place) => place % all.length).sort((a, b) => a - b), all.length];
    const events = ends.flatMap((to, index) => parser.push(all.slice(ends[index - 1] ?? 0, to)));
    expect(events).toEqual([
      { event: 'change', data: 'grüße 🚀' },
      { event: 'message', data: 'x\ny' },
    ]);
    expect(parser.lastEventId).toBe('1');
  });
});
