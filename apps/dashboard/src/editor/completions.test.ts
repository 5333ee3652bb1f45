import { CompletionContext } from '@codemirror/autocomplete';
import { EditorState } from '@codemirror/state';
import { expect, it } from 'vitest';
import { completionSource } from './completions.js';

const known = { paths: [{ name: '.space.name', what: '' }], functions: ['lower'] };

async function offered(text: string): Promise<readonly string[] | null> {
  const context = new CompletionContext(EditorState.create({ doc: text }), text.length, false);
  const result = await completionSource(() => known)(context);
  return result && result.options.map(({ label }) => label);
}

it('offers names inside of an action alone', async () => {
  expect(await offered('a: ${{ .sp')).toEqual(['.space.name', 'lower']);
  expect(await offered('a: ${{ .space.name | lo')).toEqual(['.space.name', 'lower']);
  expect(await offered('a: .sp')).toBeNull();
  expect(await offered('a: ${{ .space.name }} .sp')).toBeNull();
  expect(await offered('a: ${{ ')).toBeNull();
});
