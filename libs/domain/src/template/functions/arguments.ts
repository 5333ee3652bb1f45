import type { Budget } from '../evaluation/limits.js';
import { goText } from '../values/go-text.js';
import { LimitError } from '../values/limit-error.js';
import {
  bool,
  kindName,
  list,
  number,
  text,
  TRUSTED,
  weakest,
  type BoolValue,
  type ListValue,
  type Literal,
  type MapValue,
  type MaybeValue,
  type NumberValue,
  type Taint,
  type TextValue,
  type Value,
} from '../values/value.js';
import { FunctionError } from './function-error.js';

/** What a function of a template is called with, read by kind. What it makes from it bears the weakest trust of all of it. */
export class Arguments {
  constructor(
    readonly at: number,
    private readonly given: readonly MaybeValue[],
    private readonly budget: Budget,
  ) {}

  get count(): number {
    return this.given.length;
  }

  get all(): readonly Value[] {
    return this.given.map((_, index) => this.value(index));
  }

  /** The argument, which may be a name that is not there; only functions with `asks` ever see one. */
  maybe(index: number): MaybeValue {
    const value = this.given[index];
    if (value === undefined) throw new FunctionError(`argument ${index + 1} is missing`);
    return value;
  }

  value(index: number): Value {
    const value = this.maybe(index);
    if (value.kind === 'missing') throw new FunctionError(`${value.path} is not known`);
    return value;
  }

  text(index: number): string {
    const value = this.value(index);
    if (value.kind === 'text') return value.value;
    if (value.kind === 'number' || value.kind === 'bool') return String(value.value);
    throw this.wrongKind(index, 'a text');
  }

  number(index: number): number {
    const value = this.value(index);
    if (value.kind === 'number') return value.value;
    if (value.kind === 'text' && /^[+-]?[0-9]{1,16}(?:\.[0-9]{1,16})?$/.test(value.value)) return Number(value.value);
    throw this.wrongKind(index, 'a number');
  }

  integer(index: number): number {
    const value = this.number(index);
    if (!Number.isSafeInteger(value)) throw this.wrongKind(index, 'a whole number');
    return value;
  }

  list(index: number): ListValue {
    const value = this.value(index);
    if (value.kind !== 'list') throw this.wrongKind(index, 'a list');
    return value;
  }

  map(index: number): MapValue {
    const value = this.value(index);
    if (value.kind !== 'map') throw this.wrongKind(index, 'a map');
    return value;
  }

  bool(index: number): boolean {
    const value = this.value(index);
    if (value.kind !== 'bool') throw this.wrongKind(index, 'true or false');
    return value.value;
  }

  /** Any value as Go prints it. */
  shown(index: number): string {
    return goText(this.value(index), this.maxCharacters);
  }

  get taint(): Taint {
    let taint = TRUSTED;
    for (const value of this.given) if (value.kind !== 'missing') taint = weakest(taint, value.taint);
    return taint;
  }

  get maxCharacters(): number {
    return this.budget.limits.valueCharacters;
  }

  /** Says that `characters` are about to be made, before they take memory. */
  reserve(characters: number): void {
    if (characters > this.maxCharacters) throw new LimitError(`a text longer than ${this.maxCharacters} characters`);
    this.budget.spend(characters);
  }

  spend(characters: number): void {
    this.budget.spend(characters);
  }

  reserveItems(count: number): void {
    const max = this.budget.limits.listItems;
    if (count > max) throw new LimitError(`a list of more than ${max} items`);
    this.budget.spend(count);
  }

  asText(value: string, literal?: Literal): TextValue {
    this.reserve(value.length);
    return text(value.toWellFormed(), this.taint, literal);
  }

  asNumber(value: number): NumberValue {
    const tooLarge = Number.isInteger(value) && !Number.isSafeInteger(value);
    if (!Number.isFinite(value) || tooLarge) throw new FunctionError('the result is too large a number');
    return number(value === 0 ? 0 : value, this.taint);
  }

  asBool(value: boolean): BoolValue {
    return bool(value, this.taint);
  }

  asList(items: readonly Value[]): ListValue {
    this.reserveItems(items.length);
    return list(items);
  }

  /** A list of texts, each of which bears the trust of all arguments. */
  asTexts(items: readonly string[]): ListValue {
    const { taint } = this;
    return this.asList(items.map((item) => text(item.toWellFormed(), taint)));
  }

  private wrongKind(index: number, wanted: string): FunctionError {
    return new FunctionError(`argument ${index + 1} should be ${wanted}, but is ${kindName(this.value(index))}`);
  }
}
