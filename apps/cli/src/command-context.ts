import { randomBytes } from 'node:crypto';
import { systemClock, systemWorld, type Clock, type ConfigWorld, type RandomSource } from '@knot/shared/config';

/** Somewhere to write text; standard output and standard error in life. */
export interface TextSink {
  write(text: string): void;
}

/**
 * All that a command touches outside of itself: hand another one to `runKnot`, and it runs in process, under test.
 * Data goes to `stdout`, everything meant for a person only to `stderr`.
 */
export interface CommandContext extends ConfigWorld {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** This process and its machine. */
export function systemContext(): CommandContext {
  return {
    ...systemWorld(),
    stdout: { write: (text) => void process.stdout.write(text) },
    stderr: { write: (text) => void process.stderr.write(text) },
    fetch: globalThis.fetch,
    clock: systemClock,
    random: randomBytes,
  };
}
