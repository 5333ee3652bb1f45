import { RefusedInsertion, type FormatScanner, type Insertion } from '../escape/format-scanner.js';
import type { ParsedTemplate, Pipeline, Statement } from '../syntax/ast.js';
import { TemplateError } from '../template-error.js';
import { goText } from '../values/go-text.js';
import { isTrue, kindName, NULL, number, sortedKeys, text, type MaybeValue, type Value } from '../values/value.js';
import type { Budget } from './limits.js';
import { PipelineEvaluator } from './pipeline-evaluator.js';
import { Scope } from './scope.js';

type Outcome = 'next' | 'break' | 'continue';
type StatementOf<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** Runs a parsed template over data, once. */
export class Evaluator {
  private readonly out: string[] = [];
  private readonly pipelines: PipelineEvaluator;
  private depth = 0;

  constructor(
    private readonly template: ParsedTemplate,
    private readonly scanner: FormatScanner,
    private readonly budget: Budget,
  ) {
    this.pipelines = new PipelineEvaluator(template.source, budget);
  }

  /** @throws TemplateError of kind `render` */
  run(root: Value): string {
    this.statements(this.template.body, Scope.of(root));
    this.write(this.template.source.text.length, () => this.scanner.finish());
    return this.out.join('');
  }

  private statements(statements: readonly Statement[], scope: Scope): Outcome {
    for (const statement of statements) {
      const outcome = this.guarded(statement.at, () => this.statement(statement, scope));
      if (outcome !== 'next') return outcome;
    }
    return 'next';
  }

  /** Turns the errors of limits and functions into those of a place in the template. */
  private guarded<T>(at: number, run: () => T): T {
    try {
      this.budget.step();
      return run();
    } catch (problem) {
      if (problem instanceof RefusedInsertion) throw this.refused(problem);
      throw problem instanceof TemplateError ? problem : this.pipelines.fail(at, problem);
    }
  }

  private refused({ insertion, problem, hint }: RefusedInsertion): TemplateError {
    const name = insertion.taint.source === '' ? 'this value' : `the value of ${insertion.taint.source}`;
    return this.template.source.error('render', insertion.at, `${name} ${problem}`, hint);
  }

  private statement(statement: Statement, scope: Scope): Outcome {
    switch (statement.kind) {
      case 'text':
        this.write(statement.at, () => this.scanner.follow(statement.text));
        return 'next';
      case 'print':
        return this.print(statement, scope);
      case 'if':
      case 'with':
        return this.choose(statement, scope.inner());
      case 'range':
        return this.range(statement, scope.inner());
      case 'template':
        return this.callTemplate(statement, scope);
      case 'break':
      case 'continue':
        return statement.kind;
    }
  }

  private write(at: number, make: () => string): void {
    this.guarded(at, () => {
      const text = make();
      if (text === '') return;
      this.budget.write(text);
      this.out.push(text);
    });
  }

  private deeper<T>(at: number, run: () => T): T {
    const max = this.budget.limits.depth;
    this.depth += 1;
    if (this.depth > max) {
      throw this.template.source.error(
        'render',
        at,
        `templates nest more than ${max} deep`,
        'Does one call itself for ever?',
      );
    }
    try {
      return run();
    } finally {
      this.depth -= 1;
    }
  }

  private print({ pipeline }: StatementOf<'print'>, scope: Scope): Outcome {
    const value = this.pipelines.value(pipeline, scope);
    if (pipeline.variables.length > 0) {
      this.set(pipeline, scope, [value]);
      return 'next';
    }
    if (value.kind === 'null') {
      throw this.template.source.error(
        'render',
        pipeline.at,
        'there is no value to print here',
        'Give one with default.',
      );
    }
    const insertion: Insertion = {
      text: goText(value, this.budget.limits.valueCharacters),
      taint: value.taint,
      literal: value.kind === 'text' ? value.literal : undefined,
      typed: value.kind === 'number' || value.kind === 'bool',
      at: pipeline.at,
    };
    this.write(pipeline.at, () => this.scanner.insert(insertion));
    return 'next';
  }

  private set(pipeline: Pipeline, scope: Scope, values: readonly MaybeValue[]): void {
    pipeline.variables.forEach((name, index) => {
      const value = values[index];
      if (value === undefined) return;
      if (pipeline.assigns) scope.assign(name, value);
      else scope.declare(name, value);
    });
  }

  private choose({ kind, at, branches, otherwise }: StatementOf<'if' | 'with'>, scope: Scope): Outcome {
    for (const { pipeline, body } of branches) {
      const value = this.pipelines.ask(pipeline, scope);
      this.set(pipeline, scope, [value]);
      if (value.kind === 'missing' || !isTrue(value)) continue;
      const inner = kind === 'with' ? scope.inner(value) : scope.inner();
      return this.deeper(at, () => this.statements(body, inner));
    }
    return this.deeper(at, () => this.statements(otherwise, scope.inner()));
  }

  private range({ at, pipeline, body, otherwise }: StatementOf<'range'>, scope: Scope): Outcome {
    const value = this.pipelines.value(pipeline, scope);
    return this.deeper(at, () => {
      let rounds = 0;
      for (const [key, item] of this.rounds(pipeline.at, value)) {
        this.budget.iterate();
        rounds += 1;
        const inner = scope.inner(item);
        this.set(pipeline, pipeline.assigns ? scope : inner, pipeline.variables.length === 1 ? [item] : [key, item]);
        if (this.statements(body, inner) === 'break') break;
      }
      return rounds === 0 ? this.statements(otherwise, scope.inner()) : 'next';
    });
  }

  private *rounds(at: number, value: Value): Generator<readonly [Value, Value]> {
    switch (value.kind) {
      case 'list':
        for (const [index, item] of value.items.entries()) yield [number(index, value.taint), item];
        return;
      case 'map':
        this.budget.spend(value.entries.size);
        for (const key of sortedKeys(value)) {
          const item = value.entries.get(key);
          if (item !== undefined) yield [text(key, value.keyTaint), item];
        }
        return;
      case 'number':
        for (let count = 0; count < value.value; count += 1)
          yield [number(count, value.taint), number(count, value.taint)];
        return;
      case 'null':
        return;
      default: {
        const hint = value.kind === 'text' ? 'Cut a text into a list with split or fromJson.' : '';
        throw this.template.source.error('render', at, `range cannot walk over ${kindName(value)}`, hint);
      }
    }
  }

  private callTemplate({ at, name, pipeline }: StatementOf<'template'>, scope: Scope): Outcome {
    const dot = pipeline === undefined ? NULL : this.pipelines.value(pipeline, scope);
    const body = this.template.defined.get(name);
    if (body === undefined) throw this.template.source.error('render', at, `no template "${name}" is defined`);
    return this.deeper(at, () => this.statements(body, Scope.of(dot)));
  }
}
