import type { RegexProgram } from './compile-regex.js';
import { CLASSES, inSet } from './regex-node.js';

const WORD = CLASSES.get('w') ?? [];
const NONE = -1;

/**
 * Whether the pattern is found anywhere in `subject`. Follows all ways at once, so that the time is the length of the pattern
 * times that of the subject, whatever the pattern; `spend` hears of the steps and may throw.
 */
export function matches(program: RegexProgram, subject: string, spend: (steps: number) => void): boolean {
  const codes = Array.from(subject, (char) => char.codePointAt(0) ?? 0);
  const seen = new Int32Array(program.instructions.length).fill(NONE);
  let current: number[] = [];
  for (let at = 0; at <= codes.length; at += 1) {
    const reached = reach(program, [...current, program.start], seen, codes, at, spend);
    if (reached === 'match') return true;
    const code = codes[at];
    if (code === undefined) return false;
    current = [];
    for (const index of reached) {
      const instruction = program.instructions[index];
      if (instruction?.kind === 'set' && inSet(instruction.set, code) !== instruction.negated)
        current.push(instruction.to);
    }
  }
  return false;
}

/** The instructions that read a character and can be come to from `from` without reading one. */
function reach(
  program: RegexProgram,
  from: readonly number[],
  seen: Int32Array,
  codes: readonly number[],
  at: number,
  spend: (steps: number) => void,
): number[] | 'match' {
  const reading: number[] = [];
  const open = [...from];
  let steps = open.length;
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (seen[index] === at) continue;
    seen[index] = at;
    steps += 1;
    const instruction = program.instructions[index];
    if (instruction === undefined) continue;
    if (instruction.kind === 'match') return 'match';
    if (instruction.kind === 'set') reading.push(index);
    else if (instruction.kind === 'split') open.push(instruction.to, instruction.or);
    else if (holdsAt(instruction.what, codes, at)) open.push(instruction.to);
  }
  spend(steps);
  return reading;
}

function holdsAt(what: 'start' | 'end' | 'boundary' | 'no-boundary', codes: readonly number[], at: number): boolean {
  if (what === 'start') return at === 0;
  if (what === 'end') return at === codes.length;
  const isWord = (index: number): boolean => inSet(WORD, codes[index] ?? -1);
  return (isWord(at - 1) !== isWord(at)) === (what === 'boundary');
}
