export const LOG_LEVELS = ['error', 'info', 'debug'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** What something in a space has said. */
export interface LogLine {
  /** When the agent heard it, ms since the epoch by its clock. */
  readonly at: number;
  /** Who said it; may be empty. */
  readonly service: string;
  readonly level: LogLevel;
  readonly text: string;
}

/** What a reader of logs tells the agent, as headers of its stream: whether it stays, and what it looks for. */
export const LOG_FOLLOW_HEADER = 'knot-follow';
export const LOG_SEARCH_HEADER = 'knot-search';

/** Null for anything but a line. */
export function parseLogLine(text: string): LogLine | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return null;
    const { at, service, level, text: said }: { [name in keyof LogLine]?: unknown } = value;
    const known = LOG_LEVELS.find((one) => one === level);
    if (typeof at !== 'number' || typeof service !== 'string' || typeof said !== 'string' || !known) return null;
    return { at, service, level: known, text: said };
  } catch {
    return null;
  }
}
