const MASK = '***';

/**
 * A value that must not be seen by accident: printing, joining, logging or serialising it gives `***`.
 * Only `reveal()` hands it out, so every place that uses the clear text can be found by that name.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  /** The number of characters, for checks and messages that must not show the value. */
  get length(): number {
    return this.#value.length;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [Symbol.toPrimitive](): string {
    return MASK;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return MASK;
  }
}
