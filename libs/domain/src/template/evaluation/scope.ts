import { NULL, type MaybeValue, type Value } from '../values/value.js';

/** Dot and the variables that are seen from one place; a scope of a block looks through to the one around it. */
export class Scope {
  private readonly own = new Map<string, MaybeValue>();

  private constructor(
    readonly dot: Value,
    private readonly outer: Scope | undefined,
  ) {}

  /** Of a whole template: `$` and dot are what it was called with. */
  static of(dot: Value): Scope {
    const scope = new Scope(dot, undefined);
    scope.own.set('', dot);
    return scope;
  }

  inner(dot: Value = this.dot): Scope {
    return new Scope(dot, this);
  }

  declare(name: string, value: MaybeValue): void {
    this.own.set(name, value);
  }

  /** The parser has seen to it that the variable is declared somewhere around. */
  assign(name: string, value: MaybeValue): void {
    this.holder(name)?.own.set(name, value);
  }

  variable(name: string): MaybeValue {
    return this.holder(name)?.own.get(name) ?? NULL;
  }

  private holder(name: string): Scope | undefined {
    if (this.own.has(name)) return this;
    return this.outer?.holder(name);
  }
}
