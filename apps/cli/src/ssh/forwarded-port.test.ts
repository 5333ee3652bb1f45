import { expect, it } from 'vitest';
import { parseForwardedPort } from './forwarded-port.js';

it.each([
  ['8080', 8080, 8080],
  ['3000:80', 3000, 80],
  ['0:5432', 0, 5432],
])('%s is a port', (text, local, port) => {
  expect(parseForwardedPort(text)).toEqual({ local, port });
});

it.each(['0', '3000:0', '65536', '70000:80', 'web', '1:2:3', ':80', '-1', ''])('"%s" is none', (text) => {
  expect(() => parseForwardedPort(text)).toThrow('is no port');
});
