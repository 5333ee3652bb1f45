import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { systemClock, systemWorld, type Clock, type ConfigWorld, type RandomSource } from '@knot/shared/config';
import { systemScreen, type Screen } from './screen.js';
import { writePrivateFile } from './private-file.js';
import { systemInput, type TextSource } from './terminal-input.js';
import { unverifiedFetch } from './unverified-fetch.js';

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
  readonly input: TextSource;
  readonly fetch: typeof fetch;
  /** Takes any certificate. */
  readonly unverifiedFetch: typeof fetch;
  readonly webSocket: typeof WebSocket;
  /** Writes a file that only its owner may read. */
  writePrivateFile(path: string, text: string): void;
  removeFile(path: string): void;
  /** Standard input and output as streams of bytes, for commands that carry some. */
  readonly pipes: { readonly input: Readable; readonly output: Writable };
  readonly screen: Screen;
  /** How this program is called: Node and the script, or itself alone. */
  readonly command: readonly string[];
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** This process and its machine. */
export function systemContext(): CommandContext {
  return {
    ...systemWorld(),
    stdout: { write: (text) => void process.stdout.write(text) },
    stderr: { write: (text) => void process.stderr.write(text) },
    input: systemInput(),
    fetch: globalThis.fetch,
    unverifiedFetch,
    webSocket: globalThis.WebSocket,
    writePrivateFile,
    removeFile: (path) => rmSync(path, { force: true }),
    pipes: { input: process.stdin, output: process.stdout },
    screen: systemScreen(),
    command: [process.execPath, process.argv[1] ?? ''],
    clock: systemClock,
    random: randomBytes,
  };
}
