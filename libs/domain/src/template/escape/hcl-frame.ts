import type { Insertion } from './format-scanner.js';

/** Where in HCL the text stands; frames lie on one another, as strings hold interpolations that hold strings. */
export type HclFrame =
  | { kind: 'code'; braces: number; readonly interpolation: boolean }
  | { kind: 'string'; escape: number }
  | { kind: 'heredoc'; readonly marker: string; readonly flush: boolean; readonly line: HeredocLine }
  | { kind: 'line-comment' }
  | { kind: 'block-comment'; star: boolean };

/** The line of a heredoc that is being written; only a line that holds nothing but the marker can end the heredoc. */
export interface HeredocLine {
  /** What it holds but for white space at both ends, while it may still be the marker. */
  core: string;
  trailing: boolean;
  /** It cannot be the marker any more. */
  broken: boolean;
  /** What was inserted on this line, or brought the line break before it. */
  inserted: Insertion | undefined;
}

// What Go takes for white space: HCL trims it around the marker.
const GO_SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

export function extendLine(line: HeredocLine, char: string, marker: string): void {
  if (line.broken) return;
  if (GO_SPACE.test(char)) line.trailing = line.core !== '';
  else if (line.trailing || line.core.length >= marker.length) line.broken = true;
  else line.core += char;
}

export const isTerminator = (line: HeredocLine, marker: string): boolean => !line.broken && line.core === marker;

const INTRODUCER = /<<(-?)([\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{N}\p{Pc}_-]*)\r?$/u;

/** The heredoc that the end of a line of code begins, if it does. */
export function heredocOf(codeLine: string): Extract<HclFrame, { kind: 'heredoc' }> | undefined {
  const found = INTRODUCER.exec(codeLine);
  if (found === null) return undefined;
  const line = { core: '', trailing: false, broken: false, inserted: undefined };
  return { kind: 'heredoc', marker: found[2] ?? '', flush: found[1] === '-', line };
}
