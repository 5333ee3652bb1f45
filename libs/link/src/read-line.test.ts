import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readLine } from './read-line.js';

describe('the first line of a connection', () => {
  it('is had from pieces, and what follows stays', async () => {
    const stream = new PassThrough();
    const line = readLine(stream, 100);
    stream.write('hel');
    stream.write('lo\nworld');
    expect(await line).toBe('hello');
    expect(String(stream.read())).toBe('world');
  });

  it('is refused when it does not end, or the connection does', async () => {
    const long = new PassThrough();
    long.write('x'.repeat(200));
    await expect(readLine(long, 100)).rejects.toMatchObject({ code: 'input.too_large' });
    const short = new PassThrough();
    const line = readLine(short, 100);
    short.end('x');
    await expect(line).rejects.toMatchObject({ code: 'server.unavailable' });
  });
});
