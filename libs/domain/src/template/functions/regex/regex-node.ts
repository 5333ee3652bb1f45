/** Inclusive ranges of code points. */
export type CharSet = readonly (readonly [number, number])[];

export type RegexNode =
  | { readonly kind: 'set'; readonly set: CharSet; readonly negated: boolean }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'boundary' | 'no-boundary' }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly options: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly part: RegexNode; readonly min: number; readonly max: number };

const DIGIT: CharSet = [[48, 57]];
const WORD: CharSet = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
const SPACE: CharSet = [
  [9, 10],
  [12, 13],
  [32, 32],
];
const LETTER: CharSet = [
  [65, 90],
  [97, 122],
];

/** What `\d`, `\w`, `\s` and the classes `[:name:]` stand for; ASCII, as in Go. */
export const CLASSES: ReadonlyMap<string, CharSet> = new Map([
  ['d', DIGIT],
  ['w', WORD],
  ['s', SPACE],
  ['digit', DIGIT],
  ['word', WORD],
  [
    'space',
    [
      [9, 13],
      [32, 32],
    ],
  ],
  ['alpha', LETTER],
  ['alnum', [...DIGIT, ...LETTER]],
  ['upper', [[65, 90]]],
  ['lower', [[97, 122]]],
  [
    'xdigit',
    [
      [48, 57],
      [65, 70],
      [97, 102],
    ],
  ],
  [
    'punct',
    [
      [33, 47],
      [58, 64],
      [91, 96],
      [123, 126],
    ],
  ],
]);

export const inSet = (set: CharSet, code: number): boolean => set.some(([from, to]) => code >= from && code <= to);

/** The set without the code points of `set`. */
export function complement(set: CharSet): CharSet {
  const sorted = [...set].sort((a, b) => a[0] - b[0]);
  const result: [number, number][] = [];
  let next = 0;
  for (const [from, to] of sorted) {
    if (from > next) result.push([next, from - 1]);
    next = Math.max(next, to + 1);
  }
  if (next <= 0x10ffff) result.push([next, 0x10ffff]);
  return result;
}
