import { objectsAt, textAt, type JsonObject } from './json.js';

/** Fields whose values are numbers or names of Nomad's own; of all others only the name is told, it may be secret. */
const TELL = new Set([
  'Count',
  'CPU',
  'Cores',
  'MemoryMB',
  'MemoryMaxMB',
  'SizeMB',
  'Priority',
  'Type',
  'Driver',
  'Stop',
]);
const MOST = 6;

export interface DiffLine {
  /** `task web: Resources.CPU` */
  readonly what: string;
  readonly kind: string;
  /** Null where the values are not to be told. */
  readonly values: { readonly old: string; readonly new: string } | null;
}

/** Every difference in a job diff of Nomad, one line each. */
export function diffLines(diff: JsonObject): readonly DiffLine[] {
  if (textAt(diff, 'Type') === 'None') return [];
  return [...linesIn(diff, 'job', ''), ...objectsAt(diff, 'TaskGroups').flatMap((group) => partLines(group, 'group'))];
}

function partLines(part: JsonObject, kind: 'group' | 'task'): readonly DiffLine[] {
  const type = textAt(part, 'Type');
  const name = `${kind} ${textAt(part, 'Name')}`;
  if (type === 'None') return [];
  if (type === 'Added' || type === 'Deleted') return [{ what: name, kind: type, values: null }];
  return [...linesIn(part, name, ''), ...objectsAt(part, 'Tasks').flatMap((task) => partLines(task, 'task'))];
}

function linesIn(of: JsonObject, where: string, prefix: string): readonly DiffLine[] {
  const fields = objectsAt(of, 'Fields').filter((field) => textAt(field, 'Type') !== 'None');
  const objects = objectsAt(of, 'Objects').filter((object) => textAt(object, 'Type') !== 'None');
  return [
    ...fields.map((field) => {
      const name = textAt(field, 'Name');
      const values = TELL.has(name) ? { old: textAt(field, 'Old'), new: textAt(field, 'New') } : null;
      return { what: `${where}: ${prefix}${name}`, kind: textAt(field, 'Type'), values };
    }),
    ...objects.flatMap((object) => linesIn(object, where, `${prefix}${textAt(object, 'Name')}.`)),
  ];
}

/** What somebody changed in the job there, seen from the frozen spec; null when nothing. */
export function driftWords(diff: JsonObject): string | null {
  const lines = diffLines(diff);
  if (lines.length === 0) return textAt(diff, 'Type') === 'None' ? null : 'the job is not the one that should run';
  const words = lines.map(({ what, kind, values }) => {
    if (values && kind === 'Edited') return `${what} is ${values.old}, should be ${values.new}`;
    // the diff goes from what is there to what should be
    return `${what} ${kind === 'Added' ? 'is missing' : kind === 'Deleted' ? 'was added' : 'was changed'}`;
  });
  return shortened(words, '; ');
}

/** What an apply would do, one line per change. */
export function planWords(diff: JsonObject): readonly string[] {
  return diffLines(diff).map(({ what, kind, values }) => {
    const verb = kind === 'Added' ? 'add' : kind === 'Deleted' ? 'remove' : 'change';
    return values && kind === 'Edited' ? `${verb} ${what}: ${values.old} → ${values.new}` : `${verb} ${what}`;
  });
}

function shortened(words: readonly string[], between: string): string {
  const rest = words.length - MOST;
  return words.slice(0, MOST).join(between) + (rest > 0 ? `${between}and ${rest} more` : '');
}
