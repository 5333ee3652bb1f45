/** The variables that are declared where a parser stands, quick to ask however many there are. */
export class KnownVariables {
  private stack: string[] = [];
  private counts = new Map<string, number>();

  add(names: readonly string[]): void {
    for (const name of names) {
      this.stack.push(name);
      this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    }
  }

  has(name: string): boolean {
    return name === '' || this.counts.has(name);
  }

  names(): Iterable<string> {
    return this.counts.keys();
  }

  /** Runs `parse`; the variables declared in it are forgotten after. */
  scoped<T>(parse: () => T): T {
    const mark = this.stack.length;
    try {
      return parse();
    } finally {
      for (const name of this.stack.splice(mark)) {
        const count = this.counts.get(name) ?? 1;
        if (count > 1) this.counts.set(name, count - 1);
        else this.counts.delete(name);
      }
    }
  }

  /** Runs `parse` with no variable but `$`: the body of a `define` sees no other. */
  apart<T>(parse: () => T): T {
    const { stack, counts } = this;
    this.stack = [];
    this.counts = new Map();
    try {
      return parse();
    } finally {
      this.stack = stack;
      this.counts = counts;
    }
  }
}
