import { expect, it } from 'vitest';
import { isTunnelAddress } from './tunnel-address.js';

it.each([
  'https://vscode.dev/tunnel/knot-0a1b2c3d4e5f',
  'https://vscode.dev/tunnel/box/home/ann/a%20b',
  'https://insiders.vscode.dev/tunnel/box/root',
])('%s is where a tunnel opens', (address) => {
  expect(isTunnelAddress(address)).toBe(true);
});

it.each([
  '',
  'javascript:alert(1)//https://vscode.dev/tunnel/box',
  'http://vscode.dev/tunnel/box',
  'https://vscode.dev.example.com/tunnel/box',
  'https://vscode.dev/tunnel/',
  'https://vscode.dev/tunnel/box?then=https://example.com',
  'https://vscode.dev@example.com/tunnel/box',
  `https://vscode.dev/tunnel/${'x'.repeat(400)}`,
])('%s is not', (address) => {
  expect(isTunnelAddress(address)).toBe(false);
});
