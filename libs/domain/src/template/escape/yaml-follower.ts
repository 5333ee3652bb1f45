/**
 * Where in YAML the text stands.
 * start: a token may begin; plain: in an unquoted scalar; continuation: at the start of a line that may go on with one;
 * property: in an anchor, alias or tag; after: behind a quoted scalar or a closing bracket; header: behind `|` or `>`.
 */
export type YamlMode =
  | 'start'
  | 'plain'
  | 'continuation'
  | 'property'
  | 'double'
  | 'single'
  | 'single-quote'
  | 'after'
  | 'comment'
  | 'header'
  | 'block';

export interface YamlBlock {
  readonly folded: boolean;
  /** Column of the mapping or sequence around it: its lines stand further right. */
  readonly parent: number;
  /** Column of its text; unknown until its first line that is not empty. */
  indent: number | undefined;
  /** The present line holds text. */
  hasText: boolean;
}

const isSpace = (char: string): boolean => char === ' ' || char === '\t';
const isFlow = (char: string): boolean => /[,[\]{}]/.test(char);

/** Follows YAML character by character, as far as it must be understood to know where a value lands. */
export class YamlFollower {
  mode: YamlMode = 'start';
  flow = 0;
  column = 0;
  /** Characters of an escape in double quotes that are still to come. */
  escape = 0;
  /** Only spaces have been seen on this line. */
  lineEmpty = true;
  block: YamlBlock = { folded: false, parent: -1, indent: undefined, hasText: false };
  /** Column of the last key or dash: what belongs to it stands further right. */
  structure = -1;
  previous = '\n';
  private header = '';
  /** Where the first token since the start of the line, or since the last dash on it, begins. */
  private token: number | undefined;
  /** The unquoted word before the present character, with the column where it begins. */
  private word = '';
  private wordAt = 0;

  /** `onPlainEnd` hears when an unquoted scalar ends. */
  constructor(private readonly onPlainEnd: () => void) {}

  step(char: string): void {
    if (char === '\r' || (char === '\n' && this.previous !== '\r')) this.newLine();
    else if (char !== '\n') {
      this.inLine(char);
      this.column += 1;
      if (char !== ' ') this.lineEmpty = false;
    }
    this.previous = char;
  }

  /** Whether an unquoted text that began at this column would go on with the scalar of an earlier line. */
  continues(column: number): boolean {
    return this.flow > 0 || column > this.structure;
  }

  private newLine(): void {
    this.endWord();
    switch (this.mode) {
      case 'plain':
        if (this.flow === 0) this.mode = 'continuation';
        break;
      case 'single-quote':
      case 'after':
      case 'property':
      case 'comment':
        this.mode = 'start';
        break;
      case 'header':
        this.openBlock();
        break;
      case 'start':
      case 'continuation':
      case 'double':
      case 'single':
      case 'block':
        break;
    }
    this.block.hasText = false;
    this.escape = 0;
    this.column = 0;
    this.lineEmpty = true;
    this.token = undefined;
  }

  private openBlock(): void {
    const digit = /^[|>][-+]?([1-9])/.exec(this.header)?.[1];
    const indent = digit === undefined ? undefined : Math.max(this.structure, 0) + Number(digit);
    const folded = this.header.startsWith('>');
    this.block = { folded, parent: this.structure, indent, hasText: false };
    this.mode = 'block';
  }

  private inLine(char: string): void {
    switch (this.mode) {
      case 'block':
        return this.inBlock(char);
      case 'comment':
        return;
      case 'header':
        this.header += char;
        return;
      case 'double':
        return this.inDouble(char);
      case 'single':
        if (char === "'") this.mode = 'single-quote';
        return;
      case 'single-quote':
        this.mode = char === "'" ? 'single' : 'after';
        if (char !== "'") this.inLine(char);
        return;
      case 'property':
        if (isSpace(char) || (this.flow > 0 && isFlow(char))) {
          this.mode = 'start';
          this.atStart(char);
        }
        return;
      case 'continuation':
        if (isSpace(char)) return;
        this.mode = char !== '#' && this.continues(this.column) ? 'plain' : 'start';
        if (this.mode === 'plain') this.token = this.column;
        else this.onPlainEnd();
        return this.inLine(char);
      case 'start':
        return this.atStart(char);
      case 'plain':
      case 'after':
        return this.inWord(char);
    }
  }

  private inBlock(char: string): void {
    const { block } = this;
    if (block.hasText) return;
    if (char === ' ' && (block.indent === undefined || this.column < block.indent)) return;
    const inside = block.indent === undefined ? this.column > block.parent : this.column >= block.indent;
    if (inside) {
      block.indent ??= this.column;
      block.hasText = true;
      return;
    }
    this.mode = 'start';
    this.atStart(char);
  }

  private inDouble(char: string): void {
    if (this.escape > 0) {
      this.escape = this.escape === 1 && this.previous === '\\' ? ({ x: 2, u: 4, U: 8 }[char] ?? 0) : this.escape - 1;
    } else if (char === '\\') this.escape = 1;
    else if (char === '"') this.mode = 'after';
  }

  private atStart(char: string): void {
    if (isSpace(char)) return;
    if (char === '#' && /\s/.test(this.previous)) {
      this.mode = 'comment';
      return;
    }
    if (this.flow > 0 && isFlow(char)) return this.bracket(char);
    this.token ??= this.column;
    if (char === '"') this.mode = 'double';
    else if (char === "'") this.mode = 'single';
    else if (char === '[' || char === '{') this.flow += 1;
    else if (/[&*!]/.test(char)) this.mode = 'property';
    else if ((char === '|' || char === '>') && this.flow === 0) {
      this.mode = 'header';
      this.header = char;
    } else {
      this.mode = 'plain';
      this.word = char;
      this.wordAt = this.column;
    }
  }

  private bracket(char: string): void {
    if (char === '[' || char === '{') this.flow += 1;
    else if (char !== ',') this.flow -= 1;
    this.mode = char === ']' || char === '}' ? 'after' : 'start';
    this.word = '';
  }

  /** In an unquoted scalar, or behind a quoted one. */
  private inWord(char: string): void {
    if (isSpace(char)) return this.endWord();
    if (char === '#' && /\s/.test(this.previous)) {
      if (this.mode === 'plain') this.onPlainEnd();
      this.mode = 'comment';
      return;
    }
    if (this.flow > 0 && isFlow(char)) {
      this.endWord();
      if (this.mode === 'plain') this.onPlainEnd();
      return this.bracket(char);
    }
    if (this.mode === 'after' && char === ':' && this.flow > 0) {
      this.mode = 'start';
      this.word = '';
      return;
    }
    if (this.word === '') this.wordAt = this.column;
    this.word += char;
    if (this.word.length > 8) this.word = this.word.slice(0, 4) + this.word.slice(-4);
    if (this.mode === 'after' && char !== ':') this.mode = 'plain';
  }

  /** White space, a line's end or a bracket follows: now it is known what a dash or a colon was. */
  private endWord(): void {
    const { word } = this;
    if (this.mode !== 'plain' && this.mode !== 'after') return;
    this.word = '';
    if (word === '') return;
    if (this.wordAt === 0 && this.flow === 0 && (word === '---' || word === '...')) {
      this.structure = -1;
      this.token = undefined;
      this.startAnew();
    } else if (word.endsWith(':')) {
      if (this.flow === 0) this.structure = this.token ?? this.wordAt;
      this.startAnew();
    } else if (
      this.mode === 'plain' &&
      this.flow === 0 &&
      (word === '-' || word === '?') &&
      this.token === this.wordAt
    ) {
      this.structure = this.wordAt;
      this.token = undefined;
      this.startAnew();
    }
  }

  private startAnew(): void {
    if (this.mode === 'plain') this.onPlainEnd();
    this.mode = 'start';
  }
}
