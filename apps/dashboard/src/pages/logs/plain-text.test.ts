import { expect, it } from 'vitest';
import { plainText } from './plain-text.js';

it.each([
  ['\u001b[1;31mred\u001b[0m and plain', 'red and plain'],
  ['a\tb\nc', 'a\tb\nc'],
  ['bell\u0007 \u001b]0;title\u0007', 'bell ]0;title'],
  ['<b>& ünï', '<b>& ünï'],
])('takes out of %j what steers a terminal', (text, plain) => {
  expect(plainText(text)).toBe(plain);
});
