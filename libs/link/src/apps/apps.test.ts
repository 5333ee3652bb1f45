import { describe, expect, it } from 'vitest';
import { cookieNamed, requestHeaders, responseHeaders } from './app-headers.js';
import { closeFrame, FrameBoundary } from './frame-boundary.js';

const change = {
  ownCookies: ['__Host-knot-app', '__Host-knot'],
  scheme: 'https' as const,
  base: '',
  address: '10.0.0.9',
};
const within = { ...change, base: '/ada--work--80' };
const FORWARDED = ['X-Forwarded-For', '10.0.0.9', 'X-Forwarded-Proto', 'https', 'X-Forwarded-Host', 'a.example'];

describe('the headers that an app gets', () => {
  it('are those of the client without cookies and secrets of knot', () => {
    const raw = ['Host', 'a.example', 'Cookie', 'mine=1; __Host-knot-app=x;__Host-knot=y', 'Accept', '*/*'];
    const token = ['Authorization', 'Bearer knt_0190_secret'];
    expect(requestHeaders([...raw, ...token], change)).toEqual([
      ...['Host', 'a.example', 'Cookie', 'mine=1', 'Accept', '*/*'],
      ...FORWARDED,
    ]);
    expect(requestHeaders(['Host', 'a.example', 'Cookie', '__Host-knot=y'], change)).toEqual([
      ...['Host', 'a.example'],
      ...FORWARDED,
    ]);
  });

  it("keep the app's own sign-in, unless knot has another for it", () => {
    const raw = ['Host', 'a.example', 'Authorization', 'Basic YTpi'];
    expect(requestHeaders(raw, change)).toEqual([...raw, ...FORWARDED]);
    expect(requestHeaders(raw, { ...change, authorization: 'Basic a25vdDp4' })).toEqual([
      ...['Host', 'a.example', ...FORWARDED],
      ...['Authorization', 'Basic a25vdDp4'],
    ]);
  });

  it('hold nothing of the connection, nor what a client claims of where it comes from', () => {
    const raw = [
      ...['Host', 'a.example', 'Connection', 'keep-alive, X-Hop', 'X-Hop', '1', 'Transfer-Encoding', 'chunked'],
      ...['X-Forwarded-For', '127.0.0.1', 'X-Real-IP', '127.0.0.1', 'Forwarded', 'for=127.0.0.1', 'Expect', 'x'],
    ];
    expect(requestHeaders(raw, change)).toEqual(['Host', 'a.example', ...FORWARDED]);
    expect(requestHeaders(['Host', 'a.example', 'Connection', 'host'], change).slice(0, 2)).toEqual([
      'Host',
      'a.example',
    ]);
  });

  it('that it answers set cookies for itself alone, and none of knot', () => {
    const raw = [
      ...['Set-Cookie', 'a=1; Domain=.example; Path=/', 'Set-Cookie', '__Host-knot-app=forged; Secure'],
      ...['Keep-Alive', 'timeout=5', 'X-Answer', '42'],
    ];
    expect(responseHeaders(raw, change, 'a.example')).toEqual(['Set-Cookie', 'a=1; Path=/', 'X-Answer', '42']);
  });

  it('ask a proxy on the way not to hold an event stream back, unless the app says what it wants', () => {
    const raw = ['Content-Type', 'text/event-stream; charset=utf-8'];
    expect(responseHeaders(raw, change, 'a.example')).toEqual([...raw, 'X-Accel-Buffering', 'no']);
    const said = [...raw, 'x-accel-buffering', 'yes'];
    expect(responseHeaders(said, change, 'a.example')).toEqual(said);
    const page = ['Content-Type', 'text/html'];
    expect(responseHeaders(page, change, 'a.example')).toEqual(page);
  });

  it.each([
    ['Location', '/login?to=/', '/ada--work--80/login?to=/'],
    ['Location', 'https://a.example/login', 'https://a.example/ada--work--80/login'],
    ['Location', 'https://a.example/ada--work--80/login', 'https://a.example/ada--work--80/login'],
    ['Location', 'https://id.example/login', 'https://id.example/login'],
    ['Location', '//id.example/login', '//id.example/login'],
    ['Location', 'login', 'login'],
    ['Set-Cookie', 'a=1; Path=/; HttpOnly', 'a=1; Path=/ada--work--80/; HttpOnly'],
    ['Set-Cookie', 'a=1; path = /deep', 'a=1; path = /ada--work--80/deep'],
    ['Set-Cookie', 'a=1; Domain=a.example', 'a=1'],
    ['Service-Worker-Allowed', '/', null],
    ['Clear-Site-Data', '"cookies"', null],
  ])('stay within the paths of the app where those tell it apart: %s: %s', (name, value, told) => {
    const headers = responseHeaders([name, value], within, 'a.example');
    expect(headers).toEqual(told === null ? [] : [name, told]);
  });

  it('tell an app what its paths begin with', () => {
    expect(requestHeaders(['Host', 'a.example'], within).slice(-2)).toEqual(['X-Forwarded-Prefix', '/ada--work--80']);
  });

  it('show a cookie once, or it counts for none', () => {
    expect(cookieNamed('a=1; knot-app=x.y; b=2', 'knot-app')).toBe('x.y');
    expect(cookieNamed('knot-app=x; knot-app=y', 'knot-app')).toBe('');
    expect(cookieNamed('not-knot-app=x', 'knot-app')).toBe('');
  });
});

describe('the frames of a WebSocket', () => {
  const frames = [
    Buffer.from([0x81, 2, 1, 2]),
    Buffer.concat([Buffer.from([0x82, 126, 1, 0]), Buffer.alloc(256)]),
    Buffer.concat([Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]), Buffer.alloc(65_536)]),
    Buffer.from([0x81, 0x81, 9, 9, 9, 9, 7]),
    Buffer.from([0x89, 0]),
  ];

  it.each([1, 7, 4_096, 1_000_000])('end where they end, in pieces of %s bytes', (size) => {
    const all = Buffer.concat(frames);
    const ends = new Set(frames.map((_, index) => Buffer.concat(frames.slice(0, index + 1)).length));
    const boundary = new FrameBoundary();
    const wrong: number[] = [];
    for (let at = 0; at < all.length; at += size) {
      boundary.take(all.subarray(at, at + size));
      if (boundary.between !== ends.has(Math.min(at + size, all.length))) wrong.push(at);
    }
    expect(wrong).toEqual([]);
    expect(boundary.sawClose).toBe(false);
    boundary.take(closeFrame(1012));
    expect([boundary.between, boundary.sawClose]).toEqual([true, true]);
  });
});
