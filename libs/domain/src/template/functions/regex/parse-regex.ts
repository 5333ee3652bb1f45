import { FunctionError } from '../function-error.js';
import { CLASSES, complement, type CharSet, type RegexNode } from './regex-node.js';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', a: '\x07' };
const MAX_REPEAT = 1000;
const MAX_DEPTH = 100;

/** Parses the part of Go's (RE2) syntax that people use: no back references and nothing that looks around. */
export class RegexParser {
  private at = 0;
  private depth = 0;
  private readonly characters: readonly string[];
  private ignoreCase = false;
  private dotAll = false;

  constructor(pattern: string) {
    this.characters = [...pattern];
  }

  /** @throws FunctionError */
  run(): RegexNode {
    const flags = /^\(\?([is]+)\)/.exec(this.characters.slice(0, 6).join(''));
    if (flags?.[1] !== undefined) {
      this.ignoreCase = flags[1].includes('i');
      this.dotAll = flags[1].includes('s');
      this.at = flags[0].length;
    }
    const node = this.choice();
    if (this.at < this.characters.length) throw this.wrong('a ) without a (');
    return node;
  }

  private wrong(what: string): FunctionError {
    return new FunctionError(
      `the pattern is not understood: ${what}`,
      'It is RE2 syntax; a raw string in ` ` needs no doubled \\.',
    );
  }

  private peek(): string {
    return this.characters[this.at] ?? '';
  }

  private take(char: string): boolean {
    if (this.peek() !== char) return false;
    this.at += 1;
    return true;
  }

  private choice(): RegexNode {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw this.wrong('it nests too deep');
    const options = [this.sequence()];
    while (this.take('|')) options.push(this.sequence());
    this.depth -= 1;
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'choice', options };
  }

  private sequence(): RegexNode {
    const parts: RegexNode[] = [];
    while (this.at < this.characters.length && this.peek() !== '|' && this.peek() !== ')') parts.push(this.repeated());
    return { kind: 'sequence', parts };
  }

  private repeated(): RegexNode {
    const part = this.atom();
    const bounds = this.bounds();
    if (bounds === undefined) return part;
    this.take('?');
    if (/^[*+?]$/.test(this.peek())) throw this.wrong('two repetitions in a row');
    return { kind: 'repeat', part, min: bounds[0], max: bounds[1] };
  }

  private bounds(): readonly [number, number] | undefined {
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.take('?')) return [0, 1];
    if (this.peek() !== '{') return undefined;
    const found = /^\{([0-9]{1,5})(,([0-9]{0,5}))?\}/.exec(this.characters.slice(this.at, this.at + 14).join(''));
    if (found === null) return undefined;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === '' ? Number.POSITIVE_INFINITY : Number(found[3]);
    if (min > MAX_REPEAT || (max !== Number.POSITIVE_INFINITY && max > MAX_REPEAT) || max < min) {
      throw this.wrong(`a repetition beyond ${MAX_REPEAT}`);
    }
    this.at += found[0].length;
    return [min, max];
  }

  private atom(): RegexNode {
    const char = this.peek();
    this.at += 1;
    switch (char) {
      case '^':
        return { kind: 'assert', what: 'start' };
      case '$':
        return { kind: 'assert', what: 'end' };
      case '.':
        return { kind: 'set', set: this.dotAll ? [] : [[10, 10]], negated: true };
      case '(':
        return this.group();
      case '[':
        return this.charClass();
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
        throw this.wrong(`nothing before ${char}`);
      default:
        return this.literal(char);
    }
  }

  private group(): RegexNode {
    if (this.take('?')) {
      const named = /^(?::|P?<[A-Za-z_][A-Za-z0-9_]*>)/.exec(this.characters.slice(this.at, this.at + 60).join(''));
      if (named === null) throw this.wrong('a group that looks around or sets flags inside');
      this.at += named[0].length;
    }
    const inner = this.choice();
    if (!this.take(')')) throw this.wrong('a ( without a )');
    return inner;
  }

  private literal(char: string): RegexNode {
    return { kind: 'set', set: this.folded([[code(char), code(char)]]), negated: false };
  }

  private folded(set: CharSet): CharSet {
    if (!this.ignoreCase) return set;
    const more = set.flatMap(([from, to]): [number, number][] => [
      [Math.max(from, 65) + 32, Math.min(to, 90) + 32],
      [Math.max(from, 97) - 32, Math.min(to, 122) - 32],
    ]);
    return [...set, ...more.filter(([from, to]) => from <= to)];
  }

  private escape(): RegexNode {
    const char = this.peek();
    this.at += 1;
    if (char === 'b' || char === 'B') return { kind: 'assert', what: char === 'b' ? 'boundary' : 'no-boundary' };
    if (char === 'A' || char === 'z') return { kind: 'assert', what: char === 'A' ? 'start' : 'end' };
    const known = CLASSES.get(char.toLowerCase());
    if (known !== undefined && char.length === 1)
      return { kind: 'set', set: known, negated: char !== char.toLowerCase() };
    return this.literal(this.escaped(char));
  }

  private escaped(char: string): string {
    const simple = Object.hasOwn(ESCAPES, char) ? ESCAPES[char] : undefined;
    if (simple !== undefined) return simple;
    if (char === '' || /[\p{L}\p{N}]/u.test(char)) throw this.wrong(`\\${char}`);
    return char;
  }

  private charClass(): RegexNode {
    const negated = this.take('^');
    const set: (readonly [number, number])[] = [];
    for (let first = true; first || this.peek() !== ']'; first = false) {
      if (this.at >= this.characters.length) throw this.wrong('a [ without a ]');
      set.push(...this.classItem());
    }
    this.at += 1;
    return { kind: 'set', set: this.folded(set), negated };
  }

  private classItem(): CharSet {
    const named = /^\[:(\^?)([a-z]+):\]/.exec(this.characters.slice(this.at, this.at + 12).join(''));
    if (named !== null) {
      const known = CLASSES.get(named[2] ?? '');
      if (known === undefined) throw this.wrong(named[0]);
      this.at += named[0].length;
      return named[1] === '^' ? complement(known) : known;
    }
    if (this.peek() === '\\') {
      const letter = this.characters[this.at + 1] ?? '';
      if (/^[dwsDWS]$/.test(letter)) {
        this.at += 2;
        const known = CLASSES.get(letter.toLowerCase()) ?? [];
        return letter === letter.toLowerCase() ? known : complement(known);
      }
    }
    const from = this.classChar();
    if (this.peek() !== '-' || (this.characters[this.at + 1] ?? ']') === ']') return [[from, from]];
    this.at += 1;
    const to = this.classChar();
    if (to < from) throw this.wrong('a range that runs backwards');
    return [[from, to]];
  }

  private classChar(): number {
    const char = this.peek();
    this.at += 1;
    if (char !== '\\') return code(char);
    const next = this.peek();
    this.at += 1;
    return code(this.escaped(next));
  }
}

const code = (char: string): number => char.codePointAt(0) ?? 0;
