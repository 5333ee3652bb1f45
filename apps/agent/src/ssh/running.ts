import { constants } from 'node:os';

/** A program that a session runs. */
export interface Running {
  resize(columns: number, rows: number): void;
  /** By its name in SSH: without SIG. */
  signal(name: string): void;
  /** The client has gone. */
  hangUp(): void;
}

/** A signal by its name with or without SIG; null for none that there is. */
export function signalOf(name: string): NodeJS.Signals | null {
  const wanted = name.startsWith('SIG') ? name : `SIG${name}`;
  return SIGNALS.find((signal) => signal === wanted) ?? null;
}

/** The name in SSH of a signal's number. */
export function nameOfSignal(number: number): string {
  const [name = 'SIGTERM'] = Object.entries(constants.signals).find(([, one]) => one === number) ?? [];
  return name.slice('SIG'.length);
}

const SIGNALS: readonly NodeJS.Signals[] = [
  'SIGABRT',
  'SIGALRM',
  'SIGFPE',
  'SIGHUP',
  'SIGILL',
  'SIGINT',
  'SIGKILL',
  'SIGPIPE',
  'SIGQUIT',
  'SIGSEGV',
  'SIGTERM',
  'SIGUSR1',
  'SIGUSR2',
];
