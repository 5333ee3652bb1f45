import { expect, it } from 'vitest';
import { createOf, isUntouched, newDraft, putOf } from './template-text.js';

it('sends one exception per line and no empty ones', () => {
  const draft = { ...newDraft('nomad'), name: 'Shell', exceptions: ' driver:raw_exec \n\nhost-volume:x\n' };
  expect(putOf(draft).exceptions).toEqual(['driver:raw_exec', 'host-volume:x']);
  expect(createOf(draft).platform).toBe('nomad');
  expect('platform' in putOf(draft)).toBe(false);
});

it('knows a text that nobody has touched', () => {
  expect(isUntouched(newDraft('local').job)).toBe(true);
  expect(isUntouched(`${newDraft('local').job}\n# mine`)).toBe(false);
});
