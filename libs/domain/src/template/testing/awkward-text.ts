import fc from 'fast-check';

const PIECES = [
  '${', '%{', '$', '%', '{', '}', '$${', '{{', '}}', '"', "'", '\\', '\n', '\r', '\r\n', '\t', ' ', '  ', '\n\n', '\n  ', 'EOF', '\nEOF\n', 'a', 'true', '0',
  ': ', ':', ' #', '#', '- ', '-', '---', '\n---\n', '|', '>', '&a', '*a', '!t', '[', ']', ',', '*/', '/*', '//', '/', '*', '<<EOF', '\\n', '\\u0041', '\u0000', '\u0001',
  '\u007f', '\u0085', '\u00a0', '\u2028', '\u2029', '\ufeff', 'é', '😀', '\ud800', 'key: value', '}\n', '"\n', '~', '@', '`', '%', 'x = 1',
]; // prettier-ignore

/** Texts made of what has a meaning in one of the formats, with any text between. */
export const awkwardText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...PIECES) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
    ),
    {
      maxLength: 8,
    },
  )
  .map((pieces) => pieces.join(''));
