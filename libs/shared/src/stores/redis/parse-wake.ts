import type { StreamName } from '../store.js';

export interface Wake {
  /** Name of the process that wrote. */
  readonly writer: string;
  readonly streams: readonly StreamName[];
}

/** What a commit publishes: the writer's name, then the streams; null for anything else. */
export function parseWake(text: string): Wake | null {
  try {
    const parts: unknown = JSON.parse(text);
    if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return null;
    const [writer = '', ...streams] = parts;
    return { writer, streams: streams as StreamName[] };
  } catch {
    return null;
  }
}
