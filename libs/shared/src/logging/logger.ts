import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';
import { maskFields, maskValue } from './mask.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line: a sentence, and fields for programs before it. Fields named like secrets are masked. */
export interface LogLine {
  (message: string): void;
  (fields: object, message: string): void;
}

export interface Logger {
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
  /** A logger whose every line carries these fields too. */
  child(fields: Readonly<Record<string, unknown>>): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Which part of knot speaks: `origin`, `leaf`, `agent` ... */
  readonly name: string;
  /** Where the lines go; standard output when not given, written synchronously so that a crash loses none. */
  readonly destination?: DestinationStream;
}

/** A logger of one JSON object a line: `time` (ISO, UTC), `level`, `name`, the fields, `msg`. */
export function createLogger({ level, name, destination }: LoggerOptions): Logger {
  const options = {
    level,
    name,
    base: {},
    messageKey: 'msg',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: object) => maskFields(fields),
    },
    // pino would serialise `err` by itself before the formatter can mask it
    serializers: { err: (error: unknown) => maskValue(error) },
  };
  return wrap(pino(options, destination ?? pino.destination({ fd: 1, sync: true })));
}

/** pino leaves the fields of a child as they are, so they are masked here. */
function wrap(inner: PinoLogger): Logger {
  return {
    debug: inner.debug.bind(inner),
    info: inner.info.bind(inner),
    warn: inner.warn.bind(inner),
    error: inner.error.bind(inner),
    child: (fields) => wrap(inner.child(maskFields(fields))),
  };
}
