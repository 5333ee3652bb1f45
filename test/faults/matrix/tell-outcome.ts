import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './arena.js';

const PAGE = fileURLToPath(new URL('../../../docs/faults.md', import.meta.url));
const HEAD = '| Fault | Converged | Wishes | Lost | Orphans | Doubles | Untouched space | Memory, origin / leaf |';

/** Puts what a run saw into the table of docs/faults.md, under the part that it belongs to. */
export function tellOutcome(part: string, fault: string, outcome: Outcome): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before = '', after = ''] = page.split(`\n## ${part}\n`, 2);
  const end = after.indexOf('\n## ');
  const [mine, rest] = end === -1 ? [after, ''] : [after.slice(0, end), after.slice(end)];
  const lines = mine.split('\n');
  const text = lines
    .filter((line) => !line.startsWith('|'))
    .join('\n')
    .trim();
  const others = lines.filter((line) => /^\| (?!Fault |---)/.test(line) && !line.startsWith(`| ${fault} |`));
  const rows = [...others, row(fault, outcome)].toSorted((a, b) => a.localeCompare(b, 'en'));
  const table = [HEAD, `|${' --- |'.repeat(8)}`, ...rows].join('\n');
  const head = [before.trimEnd(), `## ${part}`, ...(text === '' ? [] : [text]), table].join('\n\n');
  writeFileSync(PAGE, `${head}\n${rest}`);
}

function row(fault: string, outcome: Outcome): string {
  const { convergedS, acknowledged, lost, orphans, doubles, untouched, growthMb } = outcome;
  const [origin, leaf] = growthMb.map((mb) => `${mb < 0 ? '-' : '+'}${Math.abs(mb)} MB`);
  const cells = [fault, `${convergedS} s`, acknowledged, lost, orphans, doubles, untouched, `${origin} / ${leaf}`];
  return `| ${cells.join(' | ')} |`;
}
