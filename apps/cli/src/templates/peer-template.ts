import { locationNameProblem, templateNameProblem } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';

/** Bytes: both texts may have 10 MiB there, and JSON escapes them. */
const LARGEST = 48 * 1024 * 1024;
const DAYS = 7;

/** A template as the existing program of the same name exports it, as this one takes it. */
export interface PeerTemplate {
  readonly name: string;
  readonly description: string;
  readonly platform: 'nomad' | 'docker' | 'manual';
  readonly job: string;
  readonly volumes: string;
  readonly locations: string[];
  readonly computeUnits: number;
  readonly storageUnits: number;
  readonly windows: { days: number[]; from: number; to: number }[];
  /** What could not be taken over, a sentence each. */
  readonly notes: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads `{template_id, template}` or the template itself, JSON. Throws `input.invalid` that says what is wrong. */
export function parsePeerTemplate(text: string, file: string): PeerTemplate {
  if (Buffer.byteLength(text) > LARGEST) throw new KnotError('input.too_large', `${file}: 48 MiB are the most`);
  const refuse = (why: string) =>
    new KnotError('input.invalid', `${file}: ${why}`, 'It is what `knot templates export` printed there.');
  const read = asFields(parsed(text, refuse));
  const fields = read && asFields(read['template'] ?? read);
  if (!fields) throw refuse('it holds no template');
  const textAt = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
  const numberAt = (name: string) => (isWhole(fields[name]) ? fields[name] : 0);
  const name = nameOf(textAt('name'));
  if (name === '') throw refuse('it has no name');
  const problem = templateNameProblem(name);
  if (problem !== null) throw refuse(`its name cannot be made one of a template here: ${problem}`);
  const platform = fields['is_manual'] === true ? 'manual' : fields['local_container'] === true ? 'docker' : 'nomad';
  const job = textAt('job');
  if (job === '' && platform !== 'manual') throw refuse('it has no job');
  const locations = textsAt(fields, 'locations');
  const good = locations.filter((one) => locationNameProblem(one) === null);
  return {
    ...{ name, platform, job, volumes: textAt('volumes'), description: textAt('description').slice(0, 1_024) },
    ...{ locations: good, computeUnits: numberAt('compute_units'), storageUnits: numberAt('storage_units') },
    windows: fields['schedule_enabled'] === true ? windowsOf(fields['schedule'], refuse) : [],
    notes: [
      name === textAt('name') ? '' : `its name was ${JSON.stringify(textAt('name'))}`,
      textsAt(fields, 'groups').length > 0
        ? 'it was for groups, whose ids mean nothing here: say by groups who may use it'
        : '',
      good.length < locations.length ? 'some of its locations have names that none has here' : '',
    ].filter((note) => note !== ''),
  };
}

function parsed(text: string, refuse: (why: string) => KnotError): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refuse(error instanceof RangeError ? 'it is nested too deeply' : 'it is not valid JSON');
  }
}

function asFields(value: unknown): Fields | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return Object.fromEntries(Object.entries(value));
}

function textsAt(fields: Fields, name: string): string[] {
  const list: unknown = fields[name];
  return Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Letters, digits and hyphens, as names are here. */
function nameOf(text: string): string {
  return text
    .trim()
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replaceAll(/^[^A-Za-z]+|-+$/g, '')
    .slice(0, 64);
}

/** Seven days from Sunday, each from minute to minute of its own day, the last one included. */
function windowsOf(schedule: unknown, refuse: (why: string) => KnotError): PeerTemplate['windows'] {
  const days: readonly unknown[] = Array.isArray(schedule) ? schedule : [];
  if (days.length !== DAYS) throw refuse('its schedule has not seven days');
  const windows = days.flatMap((entry, day) => {
    const given = asFields(entry);
    if (given?.['enabled'] !== true) return [];
    const [from, to] = [minutesOf(given['from']), minutesOf(given['to'])];
    if (from === null || to === null) throw refuse('a time of its schedule is not like 9:00am');
    return [{ days: [day], from, to: Math.min(to + 1, 1_439) }];
  });
  if (windows.length === 0) throw refuse('its schedule lets it run on no day');
  return windows;
}

function minutesOf(text: unknown): number | null {
  const [, hour = '', minute = '', half = ''] =
    /^(\d{1,2}):(\d{2})(am|pm)$/i.exec(typeof text === 'string' ? text : '') ?? [];
  const [hours, minutes] = [Number(hour), Number(minute)];
  if (hour === '' || hours < 1 || hours > 12 || minutes > 59) return null;
  return ((hours % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)) * 60 + minutes;
}
