import { expect, it } from 'vitest';
import { namedForwardedPort, parseForwardedPort } from './forwarded-port.js';

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

it.each([
  ['shop', 'shop', 8080, 8080],
  ['3000:my shop', 'my shop', 3000, 8080],
  ['0:v2', 'v2', 0, 8080],
  ['3000:90', '', 3000, 90],
])('%s is a port, too', async (text, name, local, port) => {
  const asked: string[] = [];
  const found = await namedForwardedPort(text, async (one) => {
    asked.push(one);
    return 8080;
  });
  expect([found, asked.join()]).toEqual([{ local, port }, name]);
});
