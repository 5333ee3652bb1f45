import { describe, expect, it } from 'vitest';
import { english } from './english.js';
import { german } from './german.js';
import { firstSpoken } from './language.js';

/** Codes that no request of a browser is answered with: of leaves, of the link to them, and of the command line. */
const NOT_FOR_PEOPLE = [
  'config.invalid',
  'lease.lost',
  'location.duplicate',
  'location.enrol_refused',
  'protocol.version',
  'sync.relist',
];

const codes = Object.values(
  import.meta.glob<string>('../../../../libs/shared/src/errors/codes.ts', {
    query: '?raw',
    import: 'default',
    eager: true,
  }),
).flatMap((text) => [...text.matchAll(/^ {2}'?([a-z._]+)'?: \{ http/gm)].map(([, code = '']) => code));

const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });

/** All texts by their dotted names. */
function textsOf(value: object, before = ''): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([name, text]) =>
    typeof text === 'object' && text !== null
      ? textsOf(text as object, `${before}${name}.`)
      : [[`${before}${name}`, String(text)] as const],
  );
}

const keysOf = (value: object) => textsOf(value).map(([key]) => key);

/** Every `texts.a.b` of the pages; one that goes on by an index names all that is below it. */
function usedNames(): ReadonlySet<string> {
  const files = Object.entries(sources)
    .filter(([file]) => !/\.test\.tsx?$/.test(file))
    .map(([, text]) => text);
  const names = files.flatMap((text) => [...text.matchAll(/\btexts((?:\s*\.\s*\w+)+)/g)].map(([, path = '']) => path));
  return new Set(names.map((path) => path.replace(/\s/g, '').slice(1)));
}

const isUsed = (key: string, used: ReadonlySet<string>) =>
  key.split('.').some((_, at, parts) => at > 0 && used.has(parts.slice(0, at + 1).join('.'))) || used.has(key);

describe('the catalogue of texts', () => {
  it('says everything in both languages', () => {
    expect(keysOf(german).sort()).toEqual(keysOf(english).sort());
  });

  it('has a title and what to do for every code of an error that reaches people', () => {
    expect(codes.length).toBeGreaterThan(30);
    expect(Object.keys(english.problemTitles).sort()).toEqual(codes.toSorted());
    const hinted = codes.filter((code) => !NOT_FOR_PEOPLE.includes(code));
    expect(Object.keys(english.problemHints).sort()).toEqual(hinted.toSorted());
  });

  it('says nothing that no page shows', () => {
    const used = usedNames();
    const dynamic = [
      'permissions',
      'platforms',
      'phases',
      'startPhases',
      'conditions',
      'operations',
      'editorPhrases',
      'problemTitles',
      'problemHints',
      'reasons',
    ];
    const unused = keysOf(english).filter((key) => !dynamic.includes(key.split('.')[0] ?? '') && !isUsed(key, used));
    expect(unused).toEqual([]);
  });

  it('leaves no German text English by mistake', () => {
    const inGerman = new Map(textsOf(german));
    const same = textsOf(english).filter(([key, text]) => inGerman.get(key) === text);
    // names and words that both languages share
    expect(same.filter(([, text]) => /\s\w+\s/.test(text))).toEqual([]);
  });
});

describe('the language', () => {
  it('is the first that a person reads and the dashboard speaks, else English', () => {
    expect(firstSpoken(['de-AT', 'en'])).toBe('de');
    expect(firstSpoken(['fr-FR', 'en-GB', 'de'])).toBe('en');
    expect(firstSpoken(['fr'])).toBe('en');
    expect(firstSpoken([])).toBe('en');
  });
});
