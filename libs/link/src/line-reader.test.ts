import { describe, expect, it } from 'vitest';
import { LineReader } from './line-reader.js';

describe('lines of a stream', () => {
  it('are the same however the stream is cut', () => {
    const said = Buffer.from('one\nzwölf\n\nlast');
    const whole = new LineReader(10).take(said);
    const pieces = new LineReader(10);
    const bytewise = [...said].flatMap((byte) => pieces.take(Buffer.of(byte)));
    expect(whole).toEqual(['one', 'zwölf', '']);
    expect(bytewise).toEqual(whole);
  });

  it('are refused once one is longer than it may be, also before its end has come', () => {
    expect(() => new LineReader(3).take(Buffer.from('long\n'))).toThrow('more than 3');
    const slowly = new LineReader(3);
    slowly.take(Buffer.from('lon'));
    expect(() => slowly.take(Buffer.from('g'))).toThrow('more than 3');
  });
});
