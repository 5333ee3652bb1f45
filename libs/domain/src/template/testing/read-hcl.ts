/** A small strict reader of HCL attributes, for tests: `name = "..."` and heredocs, with what HCL makes of their escapes. */
export function readHcl(text: string): Record<string, string> {
  return new HclReader(text).run();
}

const SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/;

type Part = { readonly literal: boolean; readonly text: string };

class HclReader {
  private at = 0;

  constructor(private readonly text: string) {}

  run(): Record<string, string> {
    const found: Record<string, string> = {};
    for (;;) {
      this.skip();
      if (this.at >= this.text.length) return found;
      const name = this.match(/[a-z_]+/y);
      this.match(/ *= */y);
      const value = this.text.startsWith('<<', this.at) ? this.heredoc() : this.quoted();
      this.match(/ *(?:#[^\n]*)?(?:\/\*[\s\S]*?\*\/)? *(?:\n|$)/y);
      if (Object.hasOwn(found, name)) throw new Error(`${name} twice`);
      found[name] = value;
    }
  }

  private skip(): void {
    this.match(/(?:[ \t\r\n]|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null)
      throw new Error(`${pattern.source} expected at ${JSON.stringify(this.text.slice(this.at, this.at + 30))}`);
    this.at += found[0].length;
    return found[0];
  }

  private quoted(): string {
    this.match(/"/y);
    let value = '';
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined || char === '\n') throw new Error('a string without an end');
      if (char === '"') break;
      if (char === '\\') value += this.escape();
      else value += this.sigils() ?? this.one();
    }
    this.at += 1;
    return value;
  }

  private one(): string {
    const char = this.text[this.at] ?? '';
    this.at += 1;
    return char;
  }

  private escape(): string {
    const found = this.match(/\\(?:[nrt"\\]|u[0-9a-fA-F]{4})/y);
    const simple: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
    return found[1] === 'u' ? String.fromCharCode(Number.parseInt(found.slice(2), 16)) : (simple[found[1] ?? ''] ?? '');
  }

  /** A run of `$` or `%` before a `{` (one less, or an interpolation of one literal); undefined when none stands here. */
  private sigils(): string | undefined {
    const run = /(?:\$+|%+)(?=\{)/y;
    run.lastIndex = this.at;
    const found = run.exec(this.text)?.[0];
    if (found === undefined) return undefined;
    this.at += found.length;
    if (found.length > 1) {
      this.at += 1;
      return `${found.slice(1)}{`;
    }
    if (found === '%') throw new Error('a directive');
    this.match(/\{/y);
    const inner = this.quoted();
    this.match(/\}/y);
    return inner;
  }

  private heredoc(): string {
    const introducer = this.match(/<<-?[A-Za-z]+\n/y);
    const marker = introducer.replace(/[<\n-]/g, '');
    const lines: Part[][] = [];
    for (;;) {
      const parts = this.heredocLine();
      const [only] = parts;
      if (parts.every((part) => part.literal) && trimmed(parts.map((part) => part.text).join('')) === marker) break;
      if (only === undefined && this.at >= this.text.length) throw new Error('a heredoc without an end');
      lines.push(parts);
    }
    this.at -= 1;
    return unindented(lines, introducer.startsWith('<<-'));
  }

  /** Up to and with its line break. */
  private heredocLine(): Part[] {
    const parts: Part[] = [];
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) throw new Error('a heredoc without an end');
      const start = this.at;
      const special = this.sigils();
      const literal = special === undefined || !this.text.slice(start).startsWith('${');
      parts.push({ literal, text: special ?? this.one() });
      if (char === '\n') return parts;
      if (char === '\r' && this.text[this.at] !== '\n') throw new Error('a carriage return alone');
    }
  }
}

function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text[start] ?? '')) start += 1;
  while (end > start && SPACE.test(text[end - 1] ?? '')) end -= 1;
  return text.slice(start, end);
}

function unindented(lines: readonly Part[][], flush: boolean): string {
  const leads = lines.map((parts) => {
    const end = parts.findIndex((part) => !part.literal || !SPACE.test(part.text) || part.text === '\n');
    return { count: end < 0 ? parts.length : end, blank: parts[end]?.text === '\n' && parts[end].literal };
  });
  const min = flush ? Math.min(...leads.filter((lead) => !lead.blank).map((lead) => lead.count)) : 0;
  return lines
    .map((parts, index) =>
      parts
        .slice(Math.min(min, leads[index]?.count ?? 0))
        .map((part) => part.text)
        .join(''),
    )
    .join('');
}
