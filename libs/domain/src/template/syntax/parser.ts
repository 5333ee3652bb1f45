import { nearestName } from '../../nearest-name.js';
import type { Branch, ParsedTemplate, Statement } from './ast.js';
import { Lexer } from './lexer.js';
import { PipelineParser } from './pipeline-parser.js';
import type { SourceText } from './source-text.js';
import { TokenStream } from './token-stream.js';

const MAX_NESTING = 100;

/** What ended a list of statements. */
type Stop = 'end' | 'else' | 'text-end';
interface Body {
  readonly statements: Statement[];
  readonly stop: Stop;
}

/** Builds the tree of a template. Everything that can be known without data is checked here. */
export class Parser {
  private readonly stream: TokenStream;
  private readonly pipelines: PipelineParser;
  private readonly defined = new Map<string, readonly Statement[]>();
  private readonly calls: { name: string; at: number }[] = [];
  private readonly open: { keyword: string; at: number }[] = [];
  private loops = 0;

  constructor(
    private readonly source: SourceText,
    functions: ReadonlySet<string>,
  ) {
    this.stream = new TokenStream(source, new Lexer(source).run(), MAX_NESTING);
    this.pipelines = new PipelineParser(this.stream, functions);
  }

  /** @throws TemplateError of kind `syntax` */
  run(): ParsedTemplate {
    const { statements } = this.body();
    for (const call of this.calls) this.checkDefined(call);
    return { source: this.source, body: statements, defined: this.defined };
  }

  private checkDefined(call: { name: string; at: number }): void {
    if (this.defined.has(call.name)) return;
    const near = nearestName(call.name, this.defined.keys());
    const hint = near === undefined ? 'Write it with define.' : `Did you mean "${near}"?`;
    throw this.source.error('syntax', call.at, `no template "${call.name.slice(0, 40)}" is defined`, hint);
  }

  private body(): Body {
    const statements: Statement[] = [];
    for (;;) {
      const token = this.stream.next();
      if (token.kind === 'end') {
        const unclosed = this.open.at(-1);
        if (unclosed === undefined) return { statements, stop: 'text-end' };
        throw this.source.error(
          'syntax',
          unclosed.at,
          `this ${unclosed.keyword} has no end`,
          'Close it with ${{end}}.',
        );
      }
      if (token.kind === 'text') {
        statements.push({ kind: 'text', at: token.at, text: token.text });
        continue;
      }
      const word = this.stream.peek();
      if (word.kind === 'word' && (word.text === 'end' || word.text === 'else')) {
        return { statements, stop: this.stop(word.text, word.at) };
      }
      const statement = this.statement();
      if (statement !== undefined) statements.push(statement);
    }
  }

  private stop(word: 'end' | 'else', at: number): Stop {
    this.stream.next();
    const owner = this.open.at(-1)?.keyword;
    if (owner === undefined) throw this.source.error('syntax', at, `${word} without if, with, range, define or block`);
    if (word === 'end') this.stream.expect('close', 'behind end');
    else if (owner === 'define' || owner === 'block') throw this.source.error('syntax', at, `a ${owner} has no else`);
    return word;
  }

  private statement(): Statement | undefined {
    const word = this.stream.peek();
    if (word.kind === 'word') {
      const { at, text } = word;
      switch (text) {
        case 'if':
        case 'with':
          return this.enter(text, at, () => this.condition(text, at));
        case 'range':
          return this.enter('range', at, () => this.range(at));
        case 'define':
          this.enter('define', at, () => this.define(at));
          return undefined;
        case 'block':
          return this.enter('block', at, () => this.block(at));
        case 'template':
          return this.template(at);
        case 'break':
        case 'continue':
          return this.jump(text, at);
      }
    }
    return { kind: 'print', at: word.at, pipeline: this.pipelines.pipeline('close', 'one') };
  }

  private enter<T>(keyword: string, at: number, parse: () => T): T {
    this.stream.next();
    this.open.push({ keyword, at });
    const result = this.stream.nested(at, () => this.pipelines.known.scoped(parse));
    this.open.pop();
    return result;
  }

  private condition(kind: 'if' | 'with', at: number): Statement {
    const branches: Branch[] = [];
    for (;;) {
      const pipeline = this.pipelines.pipeline('close', 'one');
      const body = this.pipelines.known.scoped(() => this.body());
      branches.push({ pipeline, body: body.statements });
      if (body.stop !== 'else') return { kind, at, branches, otherwise: [] };
      const next = this.stream.peek();
      if (next.kind === 'word' && next.text === kind) {
        this.stream.next();
        continue;
      }
      return { kind, at, branches, otherwise: this.otherwise(kind, at) };
    }
  }

  private otherwise(keyword: string, at: number): Statement[] {
    this.stream.expect('close', 'behind else');
    const body = this.body();
    if (body.stop === 'else') throw this.source.error('syntax', at, `this ${keyword} has two else`);
    return body.statements;
  }

  private range(at: number): Statement {
    const pipeline = this.pipelines.pipeline('close', 'two');
    this.loops += 1;
    const body = this.pipelines.known.scoped(() => this.body());
    this.loops -= 1;
    const otherwise = body.stop === 'else' ? this.otherwise('range', at) : [];
    return { kind: 'range', at, pipeline, body: body.statements, otherwise };
  }

  private define(at: number): void {
    if (this.open.length > 1) throw this.source.error('syntax', at, 'define may not stand inside another action');
    const name = this.name('define');
    this.stream.expect('close', 'behind the name');
    this.addDefined(name, at);
  }

  private block(at: number): Statement {
    const name = this.name('block');
    const pipeline = this.pipelines.pipeline('close', 'one');
    this.addDefined(name, at);
    return { kind: 'template', at, name, pipeline };
  }

  private addDefined(name: string, at: number): void {
    const loops = this.loops;
    this.loops = 0;
    const { statements } = this.pipelines.known.apart(() => this.body());
    this.loops = loops;
    if (this.defined.has(name))
      throw this.source.error('syntax', at, `the template "${name.slice(0, 40)}" is defined twice`);
    this.defined.set(name, statements);
  }

  private template(at: number): Statement {
    this.stream.next();
    const name = this.name('template');
    this.calls.push({ name, at });
    if (this.stream.take('close') !== undefined) return { kind: 'template', at, name, pipeline: undefined };
    return { kind: 'template', at, name, pipeline: this.pipelines.pipeline('close', 'one') };
  }

  private name(keyword: string): string {
    const token = this.stream.peek();
    if (token.kind !== 'string') throw this.stream.unexpected(token, `behind ${keyword}`, 'Expected a name in quotes.');
    return this.stream.next().text;
  }

  private jump(kind: 'break' | 'continue', at: number): Statement {
    this.stream.next();
    this.stream.expect('close', `behind ${kind}`);
    if (this.loops === 0) throw this.source.error('syntax', at, `${kind} outside of a range`);
    return { kind, at };
  }
}
