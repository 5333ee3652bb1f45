import { expect, it } from 'vitest';
import { pageWay } from './page-way.js';

const page = { protocol: 'https:', hostname: 'knot.example.net' };
const at = (direct: string, directFingerprint = '') => ({ direct, directFingerprint });

it('is the address of the leaf, with its port, where a browser trusts it', () => {
  expect(pageWay(at('https://lon.example.net:3000'), page)).toBe('wss://lon.example.net:3000');
  expect(pageWay(at('https://lon.example.net/'), page)).toBe('wss://lon.example.net');
});

it('is by http only for a page that came by http', () => {
  const plain = at('http://lon.example.net:3000');
  expect(pageWay(plain, page)).toBe('');
  expect(pageWay(plain, { ...page, protocol: 'http:' })).toBe('ws://lon.example.net:3000');
});

it('is none where the leaf has none, or made its certificate itself', () => {
  expect(pageWay(at(''), page)).toBe('');
  expect(pageWay(at('https://lon.example.net:3000', 'AB:CD'), page)).toBe('');
});

it('is none at the host of the page, whatever the port: cookies would go along', () => {
  expect(pageWay(at('https://knot.example.net:3000'), page)).toBe('');
  expect(pageWay(at('https://KNOT.example.net:3000'), page)).toBe('');
});

it.each([
  'https://*:3000',
  'https://*.example.net',
  'https://x;script-src',
  "https://x'self'",
  'https://x,y',
  'https://[2001:db8::1]',
  'javascript:1',
])('is none for %s, which is not the name of one host', (direct) => {
  expect(pageWay(at(direct), { ...page, protocol: 'http:' })).toBe('');
});
