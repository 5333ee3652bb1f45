import type { TextSource } from '../terminal-input.js';

/** Input as from a pipe, or, with `interactive`, as typed line by line. */
export function pipedInput(text: string, { interactive = false } = {}): TextSource {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return {
    interactive,
    readLine: () => Promise.resolve(lines.shift()?.replace(/\n$/, '')),
    readAll: () => Promise.resolve(lines.splice(0).join('')),
  };
}
