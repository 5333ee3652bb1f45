import type { LogLevel, LogLine } from '@knot/contract';

type Said = Omit<LogLine, 'at'>;

/** A message of syslog, RFC 3164 or 5424 or neither: what stands before it is told apart as far as it can be. */
export function parseSyslog(message: string): Said {
  const [, priority = '', rest = message] = /^<(\d{1,3})>([\s\S]*)$/.exec(message.trimEnd()) ?? [];
  const level = syslogLevel(priority === '' ? 6 : Number(priority) % 8);
  const modern = /^1 \S+ \S+ (\S+) \S+ \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?([\s\S]*)$/.exec(rest);
  if (modern) return { level, service: modern[1] === '-' ? '' : (modern[1] ?? ''), text: modern[2] ?? '' };
  const old = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d (?:\S+ )?([^\s:[]+)(?:\[\d+\])?: ?([\s\S]*)$/.exec(rest);
  return old ? { level, service: old[1] ?? '', text: old[2] ?? '' } : { level, service: 'syslog', text: rest };
}

/** One message of `POST /logs`; null for anything else. */
export function parseNative(body: string): Said | null {
  const fields = fieldsOf(body);
  if (!fields) return null;
  const { service, level, message } = fields;
  if (typeof message !== 'string') return null;
  const known = (['error', 'info', 'debug'] as const).find((one) => one === level) ?? 'info';
  return { service: typeof service === 'string' ? service : '', level: known, text: message };
}

/** A message of GELF; null for anything else. */
export function parseGelf(body: string): Said | null {
  const fields = fieldsOf(body);
  if (!fields) return null;
  const { short_message: short, full_message: full, level, facility } = fields;
  if (typeof short !== 'string') return null;
  const text = typeof full === 'string' && full !== '' ? `${short}\n\n${full}` : short;
  return {
    service: typeof facility === 'string' && facility !== '' ? facility : 'gelf',
    level: typeof level !== 'number' ? 'info' : level <= 4 ? 'error' : level <= 6 ? 'info' : 'debug',
    text,
  };
}

/** Every line of a push of Loki, as JSON; null for anything else. */
export function parseLoki(body: string): readonly Said[] | null {
  const streams = fieldsOf(body)?.['streams'];
  if (!Array.isArray(streams)) return null;
  return streams.flatMap((one: unknown): Said[] => {
    if (typeof one !== 'object' || one === null) return [];
    const { stream, values }: { stream?: unknown; values?: unknown } = one;
    const labels: Readonly<Record<string, unknown>> =
      typeof stream === 'object' && stream !== null ? { ...stream } : {};
    const label = [labels['label'], labels['service_name'], labels['job']].find((text) => typeof text === 'string');
    if (!Array.isArray(values)) return [];
    return values.flatMap((value: unknown): Said[] => {
      const text: unknown = Array.isArray(value) ? value[1] : undefined;
      return typeof text === 'string' ? [{ service: String(label ?? 'loki'), level: 'info', text }] : [];
    });
  });
}

/** 0 is the worst. */
function syslogLevel(severity: number): LogLevel {
  if (severity >= 7) return 'debug';
  return severity >= 5 ? 'info' : 'error';
}

function fieldsOf(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
