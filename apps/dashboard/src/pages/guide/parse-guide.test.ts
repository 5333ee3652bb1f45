import { expect, it } from 'vitest';
import { parseGuide, parseInline } from './parse-guide.js';

it('reads what the guide uses of Markdown', () => {
  const source =
    '# Title\nFirst\nline.\n\n### store.silent\n\n- one\n  goes on\n- two\n\n```sh\n# no heading\n\na\n```\n\n| a | b |\n| --- | --- |\n| 1 | `2` |\n';
  expect(parseGuide(source)).toEqual([
    { kind: 'heading', level: 1, text: 'Title', slug: 'title' },
    { kind: 'text', text: 'First line.' },
    { kind: 'heading', level: 3, text: 'store.silent', slug: 'storesilent' },
    { kind: 'list', ordered: false, items: ['one goes on', 'two'] },
    { kind: 'code', text: '# no heading\n\na\n' },
    { kind: 'table', head: ['a', 'b'], rows: [['1', '`2`']] },
  ]);
  expect(parseInline('See [this](x.md#y), `a*b`, *here* and **that**.')).toEqual([
    { kind: 'text', text: 'See ' },
    { kind: 'link', text: 'this', to: 'x.md#y' },
    { kind: 'text', text: ', ' },
    { kind: 'code', text: 'a*b' },
    { kind: 'text', text: ', ' },
    { kind: 'emphasis', text: 'here' },
    { kind: 'text', text: ' and ' },
    { kind: 'strong', text: 'that' },
    { kind: 'text', text: '.' },
  ]);
});
