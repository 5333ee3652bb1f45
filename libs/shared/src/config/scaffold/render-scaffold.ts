import { requireKey } from '../keys/config-keys.js';

/** One key of a scaffold: its value as YAML text. The comment is the key's help. */
export interface ScaffoldEntry {
  readonly key: string;
  readonly value: string;
  /** Shown as an example: written as a comment. */
  readonly example?: boolean;
}

const COMMENT_COLUMN = 48;

/** A commented knot.yaml of these keys, in this order; keys of one section must follow one another. */
export function renderScaffold(title: readonly string[], entries: readonly ScaffoldEntry[]): string {
  const lines = title.map((line) => `# ${line}`.trimEnd());
  let open: readonly string[] = [];
  for (const entry of entries) {
    const path = entry.key.split('.');
    const sections = path.slice(0, -1);
    const shared = sections.findIndex((name, index) => open[index] !== name);
    const from = shared === -1 ? sections.length : shared;
    for (const [depth, name] of sections.entries()) {
      if (depth < from) continue;
      if (depth === 0) lines.push('');
      lines.push(`${'  '.repeat(depth)}${name}:`);
    }
    open = sections;
    lines.push(renderEntry(entry, sections.length, path.at(-1) ?? ''));
  }
  return `${lines.join('\n')}\n`;
}

function renderEntry({ key, value, example }: ScaffoldEntry, depth: number, name: string): string {
  const text = `${'  '.repeat(depth)}${example ? '# ' : ''}${name}: ${value}`;
  return `${text.padEnd(COMMENT_COLUMN - 1)} # ${requireKey(key).help}`;
}
