/** A terminal that somebody has in a space, as its agent tells of it: a line of JSON for each. */
export interface ToldTerminal {
  readonly id: string;
  /** ms since the epoch */
  readonly startedAt: number;
  /** When something was last typed or printed. */
  readonly activeAt: number;
  /** Whether a window shows it now. */
  readonly shown: boolean;
  /** What runs in it, by the name of its program. */
  readonly program: string;
}

/** Null for anything else. */
export function parseToldTerminal(line: string): ToldTerminal | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    const { id, startedAt, activeAt, shown, program }: { [field in keyof ToldTerminal]?: unknown } = value;
    if (typeof id !== 'string' || typeof program !== 'string' || typeof shown !== 'boolean') return null;
    if (typeof startedAt !== 'number' || typeof activeAt !== 'number') return null;
    return { id, startedAt, activeAt, shown, program: program.slice(0, 256) };
  } catch {
    return null;
  }
}
