import { FunctionError } from '../function-error.js';
import { RegexParser } from './parse-regex.js';
import type { CharSet, RegexNode } from './regex-node.js';

/** One instruction; `to` and `or` are indexes of others. */
export type Instruction =
  | { readonly kind: 'set'; readonly set: CharSet; readonly negated: boolean; readonly to: number }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'boundary' | 'no-boundary'; readonly to: number }
  | { readonly kind: 'split'; readonly to: number; readonly or: number }
  | { readonly kind: 'match' };

export interface RegexProgram {
  readonly instructions: readonly Instruction[];
  readonly start: number;
}

const MAX_INSTRUCTIONS = 10_000;

/** @throws FunctionError when the pattern is wrong or too large */
export function compileRegex(pattern: string): RegexProgram {
  if (pattern.length > 1000) throw new FunctionError('a pattern may have up to 1000 characters');
  const compiler = new Compiler();
  const match = compiler.add({ kind: 'match' });
  return { start: compiler.emit(new RegexParser(pattern).run(), match), instructions: compiler.instructions };
}

class Compiler {
  readonly instructions: Instruction[] = [];
  private emitted = 0;

  add(instruction: Instruction): number {
    return this.instructions.push(instruction) - 1;
  }

  /** Writes the instructions of `node`, from the last to the first, and yields where they begin. */
  emit(node: RegexNode, to: number): number {
    // Counts nodes, not instructions: an empty group repeated a thousand times a thousand times writes none.
    this.emitted += 1;
    if (this.emitted > MAX_INSTRUCTIONS) throw new FunctionError('the pattern repeats too much');
    switch (node.kind) {
      case 'set':
        return this.add({ kind: 'set', set: node.set, negated: node.negated, to });
      case 'assert':
        return this.add({ kind: 'assert', what: node.what, to });
      case 'sequence':
        return node.parts.reduceRight((next, part) => this.emit(part, next), to);
      case 'choice':
        return node.options
          .map((option) => this.emit(option, to))
          .reduceRight((or, option) => this.add({ kind: 'split', to: option, or }));
      case 'repeat':
        return this.repeat(node.part, node.min, node.max, to);
    }
  }

  private repeat(part: RegexNode, min: number, max: number, to: number): number {
    let next = to;
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.add({ kind: 'split', to, or: to });
      this.instructions[loop] = { kind: 'split', to: this.emit(part, loop), or: to };
      next = loop;
    } else {
      for (let count = min; count < max; count += 1)
        next = this.add({ kind: 'split', to: this.emit(part, next), or: to });
    }
    for (let count = 0; count < min; count += 1) next = this.emit(part, next);
    return next;
  }
}
