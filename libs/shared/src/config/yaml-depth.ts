import { Lexer } from 'yaml';

/** Brackets that may be open at once, and levels that one line may open; what people write has a few. */
const DEEPEST = 1_000;
const DEEPEST_ON_A_LINE = 200;
/** Comes before the text of a scalar. */
const SCALAR = '\u001f';

/**
 * Whether a YAML text is nested so deeply that no parser should see it: parsing goes into itself for each level, takes time by
 * the square of the depth, and can end the whole process. Looks at the text token by token, so brackets in comments and
 * strings count for nothing.
 */
export function isNestedDeeply(text: string): boolean {
  if (!mayBeDeep(text)) return false;
  let open = 0;
  let onLine = 0;
  let inScalar = false;
  for (const token of new Lexer().lex(text)) {
    const isText = inScalar;
    inScalar = token === SCALAR;
    if (isText) continue;
    if (token === '[' || token === '{') open += 1;
    else if (token === ']' || token === '}') open = Math.max(0, open - 1);
    else if (token === '\n' || token === '\r\n') onLine = 0;
    else if (open === 0 && (token === '-' || token === '?' || token === ':')) onLine += 1;
    if (open > DEEPEST || onLine > DEEPEST_ON_A_LINE) return true;
  }
  return false;
}

/** What has too few signs for it needs no closer look. */
function mayBeDeep(text: string): boolean {
  const count = (part: string, sign: RegExp): number => part.match(sign)?.length ?? 0;
  if (count(text, /[[{]/g) > DEEPEST) return true;
  return text.split('\n').some((line) => line.length > DEEPEST_ON_A_LINE && count(line, /[-?:]/g) > DEEPEST_ON_A_LINE);
}
