import { Arguments } from '../functions/arguments.js';
import { FunctionError } from '../functions/function-error.js';
import { FUNCTIONS } from '../functions/function-table.js';
import { nearestName } from '../../nearest-name.js';
import type { Command, Operand, Pipeline } from '../syntax/ast.js';
import type { SourceText } from '../syntax/source-text.js';
import type { TemplateError } from '../template-error.js';
import { LimitError } from '../values/limit-error.js';
import {
  bool,
  isTrue,
  kindName,
  NULL,
  sortedKeys,
  number,
  text,
  TRUSTED,
  type MaybeValue,
  type MissingValue,
  type Value,
} from '../values/value.js';
import type { Budget } from './limits.js';
import type { Scope } from './scope.js';

/** Works out the values of pipelines. A name that is not there is an error unless the place asks for names. */
export class PipelineEvaluator {
  constructor(
    private readonly source: SourceText,
    private readonly budget: Budget,
  ) {}

  /** @throws TemplateError of kind `render` */
  value(pipeline: Pipeline, scope: Scope): Value {
    return this.present(this.ask(pipeline, scope));
  }

  /** Like `value`, but a name that is not there may come back, as `if` and `with` want it. */
  ask(pipeline: Pipeline, scope: Scope): MaybeValue {
    let piped: MaybeValue | undefined;
    for (const command of pipeline.commands) piped = this.command(command, scope, piped);
    return piped ?? NULL;
  }

  present(value: MaybeValue): Value {
    if (value.kind !== 'missing') return value;
    throw this.source.error('render', value.at, `${value.path} is not known`, missingHint(value));
  }

  fail(at: number, problem: unknown): TemplateError {
    if (problem instanceof FunctionError) return this.source.error('render', at, problem.message, problem.hint);
    if (problem instanceof LimitError) {
      return this.source.error('render', at, `stopped: ${problem.message}`, 'The template asks for too much.');
    }
    throw problem;
  }

  private command(command: Command, scope: Scope, piped: MaybeValue | undefined): MaybeValue {
    const { first } = command;
    if (first.kind !== 'function') return this.operand(first, scope);
    try {
      this.budget.step();
    } catch (problem) {
      throw this.fail(first.at, problem);
    }
    if (first.name === 'and' || first.name === 'or') return this.shortCircuit(first.name, command, scope, piped);
    const given = command.rest.map((operand) => this.operand(operand, scope));
    if (piped !== undefined) given.push(piped);
    return this.call(first.name, first.at, given);
  }

  /** Yields the argument that decides, and leaves those behind it alone. */
  private shortCircuit(name: 'and' | 'or', command: Command, scope: Scope, piped: MaybeValue | undefined): MaybeValue {
    let last: MaybeValue | undefined;
    const holds = (value: MaybeValue): boolean => value.kind !== 'missing' && isTrue(value);
    for (const operand of command.rest) {
      last = this.operand(operand, scope);
      if (holds(last) === (name === 'or')) return last;
    }
    last = piped ?? last;
    if (last === undefined) throw this.source.error('render', command.at, `${name} needs a value`);
    return last;
  }

  private call(name: string, at: number, given: MaybeValue[]): MaybeValue {
    const called = FUNCTIONS.get(name);
    if (called === undefined) throw this.source.error('render', at, `there is no function "${name}"`);
    const { min, max, asks } = called;
    if (given.length < min || given.length > max) {
      const wanted =
        min === max ? String(min) : max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`;
      throw this.source.error('render', at, `${name} takes ${wanted} arguments, but gets ${given.length}`);
    }
    given.forEach((value, index) => {
      if (asks !== 'all' && (asks === 'none' || !asks.includes(index))) this.present(value);
    });
    try {
      this.budget.spend(given.reduce((sum, value) => sum + sizeOf(value), 0));
      return called.run(new Arguments(at, given, this.budget));
    } catch (problem) {
      if (problem instanceof FunctionError && name !== 'required' && name !== 'fail') {
        throw this.source.error('render', at, `${name}: ${problem.message}`, problem.hint);
      }
      throw this.fail(at, problem);
    }
  }

  private operand(operand: Operand, scope: Scope): MaybeValue {
    switch (operand.kind) {
      case 'dot':
        return scope.dot;
      case 'nil':
        return NULL;
      case 'literal':
        return literalValue(operand.value);
      case 'field':
        return this.fields(scope.dot, operand.names, operand.at, '');
      case 'variable':
        return this.fields(scope.variable(operand.name), operand.names, operand.at, `$${operand.name}`);
      case 'function':
        return this.command({ at: operand.at, first: operand, rest: [] }, scope, undefined);
      case 'group':
        return this.fields(this.ask(operand.pipeline, scope), operand.names, operand.at, '(...)');
    }
  }

  private fields(from: MaybeValue, names: readonly string[], at: number, start: string): MaybeValue {
    let value = from;
    let path = start;
    for (const name of names) {
      path = `${path}.${name}`;
      value = this.field(value, name, at, path);
    }
    return value;
  }

  private field(from: MaybeValue, name: string, at: number, path: string): MaybeValue {
    if (from.kind === 'missing') return { ...from, path: `${from.path}.${name}` };
    if (from.kind === 'map') {
      const found = from.entries.get(name);
      if (found !== undefined) return found;
      const missing: MissingValue = { kind: 'missing', at, path, name, within: from };
      return from.fixed ? this.present(missing) : missing;
    }
    if (from.kind === 'null') return { kind: 'missing', at, path, name, within: undefined };
    throw this.source.error('render', at, `${path}: ${kindName(from)} has no fields`);
  }
}

/** What reading it costs. */
function sizeOf(value: MaybeValue): number {
  switch (value.kind) {
    case 'text':
      return value.value.length;
    case 'list':
      return value.items.length;
    case 'map':
      return value.entries.size;
    default:
      return 0;
  }
}

function literalValue(value: string | number | boolean): Value {
  if (typeof value === 'string') return text(value, TRUSTED);
  return typeof value === 'number' ? number(value, TRUSTED) : bool(value, TRUSTED);
}

function missingHint(value: MissingValue): string {
  const known = value.within === undefined ? [] : sortedKeys(value.within).slice(0, 10_000);
  const near = nearestName(value.name, known);
  if (near !== undefined)
    return `Did you mean ${value.path.slice(0, value.path.lastIndexOf(value.name))}${near}${value.path.startsWith('"') ? '"' : ''}?`;
  const ask = 'Define it, or ask for it with if, with or default.';
  const names = known.slice(0, 8);
  if (names.length === 0) return ask;
  return `${ask} Known here: ${names.join(', ')}${known.length > names.length ? ', ...' : ''}.`;
}
