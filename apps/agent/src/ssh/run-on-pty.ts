import { spawn } from '@lydell/node-pty';
import type { ServerChannel } from 'ssh2';
import type { Shell } from '../terminal/shell.js';
import { nameOfSignal, signalOf, type Running } from './running.js';

export interface PtyRequest {
  readonly columns: number;
  readonly rows: number;
  readonly term: string;
}

/** It hands on bytes as they are, which its own types do not say. */
interface BytesOut {
  write(data: string | Uint8Array): void;
}

/** Runs a program on a terminal. */
export function runOnPty(shell: Shell, { columns, rows, term }: PtyRequest, channel: ServerChannel): Running {
  const pty = spawn(shell.program, [...shell.args], {
    cwd: shell.folder,
    env: { ...shell.env, TERM: term },
    cols: sizeOf(columns, 80),
    rows: sizeOf(rows, 24),
    encoding: null,
  });
  const input: BytesOut = pty;
  let over = false;
  channel.on('error', () => undefined);
  channel.on('data', (data: Buffer) => !over && input.write(data));
  pty.onData((data: string | Uint8Array) => {
    if (!channel.write(Buffer.from(data))) {
      pty.pause();
      channel.once('drain', () => pty.resume());
    }
  });
  pty.onExit(({ exitCode, signal }) => {
    over = true;
    if (signal) channel.exit(nameOfSignal(signal), false);
    else channel.exit(exitCode);
    channel.end();
  });
  return {
    resize: (wide, high) => !over && pty.resize(sizeOf(wide, 80), sizeOf(high, 24)),
    signal: (name) => {
      const signal = signalOf(name);
      if (signal !== null && !over) pty.kill(signal);
    },
    hangUp: () => !over && pty.kill('SIGHUP'),
  };
}

function sizeOf(given: number, otherwise: number): number {
  return given >= 1 && given <= 10_000 ? given : otherwise;
}
