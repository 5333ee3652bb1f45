import { expect, it } from 'vitest';
import { KeptText } from './kept-text.js';

it('what could not be written once holds up nothing that is written later', async () => {
  let [full, kept] = [true, ''];
  const store = {
    meta: async () => kept,
    putMeta: async (_name: string, value: string) => {
      if (full) throw new Error('The disk is full.');
      kept = value;
    },
  };
  const text = new KeptText(store, 'entries');
  await expect(text.write('first')).rejects.toThrow('full');
  full = false;
  await Promise.all([text.write('second'), text.write('third')]);
  expect(await text.read()).toBe('third');
});
