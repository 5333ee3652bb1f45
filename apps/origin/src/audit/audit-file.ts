import type { AuditEntryDto, AuditFormat } from './audit.dto.js';

const COLUMNS = [
  'id',
  'at',
  'actor',
  'action',
  'subjectKind',
  'subjectId',
  'location',
  'address',
  'outcome',
  'details',
  'seal',
] as const satisfies readonly (keyof AuditEntryDto)[];

export const MEDIA_TYPES: Readonly<Record<AuditFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/** The text of a file of entries, piece by piece. */
export async function* auditFile(
  bunches: AsyncIterable<readonly AuditEntryDto[]>,
  format: AuditFormat,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(COLUMNS);
  const line = format === 'csv' ? csvEntry : (entry: AuditEntryDto) => `${JSON.stringify(entry)}\n`;
  for await (const entries of bunches) {
    if (entries.length > 0) yield entries.map(line).join('');
  }
}

/** Times as ISO 8601, details as JSON. */
function csvEntry(entry: AuditEntryDto): string {
  const shown = { ...entry, at: timeText(entry.at), details: JSON.stringify(entry.details) };
  return csvLine(COLUMNS.map((column) => String(shown[column])));
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** A cell that a spreadsheet would take for a formula gets an apostrophe before it: user names and routes are others' texts. */
function csvCell(text: string): string {
  const harmless = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function timeText(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}
