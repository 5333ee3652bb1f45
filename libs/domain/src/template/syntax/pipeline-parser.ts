import { nearestName } from '../../nearest-name.js';
import type { Command, Operand, Pipeline } from './ast.js';
import { KnownVariables } from './known-variables.js';
import type { Token } from './token.js';
import type { TokenStream } from './token-stream.js';

/** What may stand before the pipeline: nothing, `$x :=`, or also `$i, $x :=` (range). */
export type Declares = 'none' | 'one' | 'two';

/** Parses pipelines and keeps the variables that are known where the parser stands. */
export class PipelineParser {
  readonly known = new KnownVariables();

  constructor(
    private readonly stream: TokenStream,
    private readonly functions: ReadonlySet<string>,
  ) {}

  pipeline(end: 'close' | 'rparen', declares: Declares): Pipeline {
    const at = this.stream.peek().at;
    const { variables, assigns } = this.declaration(declares);
    const commands: Command[] = [];
    do {
      if (this.stream.peek().kind === end) {
        throw this.stream.unexpected(this.stream.peek(), 'here', 'A value is missing before it.');
      }
      commands.push(this.command(commands.length > 0));
    } while (this.stream.take('pipe') !== undefined);
    this.stream.expect(end, 'here');
    if (!assigns) this.known.add(variables);
    return { at, variables, assigns, commands };
  }

  private declaration(declares: Declares): { variables: readonly string[]; assigns: boolean } {
    const none = { variables: [], assigns: false };
    if (this.stream.peek().kind !== 'variable') return none;
    const second = this.stream.peek(1).kind;
    const names = [this.stream.peek()];
    if (second === 'comma') names.push(this.stream.peek(2));
    const sign = this.stream.peek(names.length * 2 - 1);
    if (sign.kind !== 'declare' && sign.kind !== 'assign') return none;
    for (let skipped = 0; skipped < names.length * 2; skipped += 1) this.stream.next();
    const assigns = sign.kind === 'assign';
    const allowed = { none: 0, one: 1, two: 2 }[declares];
    if (names.length > allowed) throw this.stream.unexpected(sign, 'here', 'No variable can be set at this place.');
    for (const name of names) this.checkName(name, assigns);
    return { variables: names.map((name) => name.text), assigns };
  }

  private checkName(name: Token, assigns: boolean): void {
    if (name.kind !== 'variable') throw this.stream.unexpected(name, 'here', 'Expected a variable.');
    if (name.text === '')
      throw this.stream.source.error('syntax', name.at, '$ itself cannot be set', 'Give it a name.');
    if (assigns) this.checkKnown(name);
  }

  private checkKnown(token: Token): void {
    if (this.known.has(token.text)) return;
    const near = nearestName(token.text, this.known.names());
    const hint = near === undefined ? 'Declare it first with :=.' : `Did you mean $${near}?`;
    throw this.stream.source.error('syntax', token.at, `the variable $${token.text} is not declared here`, hint);
  }

  private command(piped: boolean): Command {
    const first = this.operand();
    const rest: Operand[] = [];
    for (;;) {
      const token = this.stream.peek();
      if (token.kind === 'pipe' || token.kind === 'close' || token.kind === 'rparen') break;
      if (token.glued) throw this.stream.unexpected(token, 'right behind a value', 'Put a space between them.');
      rest.push(this.operand());
    }
    if (first.kind !== 'function' && (rest.length > 0 || piped)) {
      const at = piped ? first.at : (rest[0]?.at ?? first.at);
      const hint = piped ? 'What follows | must be a function.' : 'Only a function takes values behind it.';
      throw this.stream.source.error('syntax', at, 'a value that is no function cannot take arguments', hint);
    }
    return { at: first.at, first, rest };
  }

  private operand(): Operand {
    const token = this.stream.next();
    const { at } = token;
    switch (token.kind) {
      case 'dot':
        this.refuseGluedField('.');
        return { kind: 'dot', at };
      case 'field':
        return { kind: 'field', at, names: [token.text, ...this.gluedFields()] };
      case 'variable':
        this.checkKnown(token);
        return { kind: 'variable', at, name: token.text, names: this.gluedFields() };
      case 'string':
        this.refuseGluedField('a string');
        return { kind: 'literal', at, value: token.text };
      case 'number':
        this.refuseGluedField('a number');
        return { kind: 'literal', at, value: this.number(token) };
      case 'lparen': {
        const pipeline = this.stream.nested(at, () => this.known.scoped(() => this.pipeline('rparen', 'none')));
        return { kind: 'group', at, pipeline, names: this.gluedFields() };
      }
      case 'word':
        return this.word(token);
      default:
        throw this.stream.unexpected(token, 'here', 'Expected a value or a function.');
    }
  }

  private word(token: Token): Operand {
    const { at, text } = token;
    this.refuseGluedField(`"${text.slice(0, 40)}"`);
    if (text === 'true' || text === 'false') return { kind: 'literal', at, value: text === 'true' };
    if (text === 'nil') return { kind: 'nil', at };
    if (this.functions.has(text)) return { kind: 'function', at, name: text };
    const near = nearestName(text, this.functions);
    const hint = near === undefined ? 'A text stands in quotes, a field begins with a dot.' : `Did you mean ${near}?`;
    throw this.stream.source.error('syntax', at, `there is no function "${text.slice(0, 40)}"`, hint);
  }

  private gluedFields(): string[] {
    const names: string[] = [];
    while (this.stream.peek().kind === 'field' && this.stream.peek().glued) names.push(this.stream.next().text);
    return names;
  }

  private refuseGluedField(before: string): void {
    const token = this.stream.peek();
    if (token.glued && (token.kind === 'field' || token.kind === 'dot')) {
      throw this.stream.unexpected(
        token,
        `right behind ${before}`,
        'Only a field, a variable or parentheses have fields.',
      );
    }
  }

  private number(token: Token): number {
    const negative = token.text.startsWith('-');
    const digits = token.text.replace(/^[+-]/, '');
    const octal = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
    const value = Number(octal) * (negative ? -1 : 1);
    const whole = /^(?:0[xXbBoO]|[0-9]+$)/.test(digits);
    if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) {
      throw this.stream.source.error('syntax', token.at, 'this number is not written right or too large');
    }
    return value === 0 ? 0 : value;
  }
}
