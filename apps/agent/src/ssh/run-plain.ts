import { spawn } from 'node:child_process';
import type { ServerChannel } from 'ssh2';
import type { Shell } from '../terminal/shell.js';
import { signalOf, type Running } from './running.js';

/** Runs a program over pipes, in a process group of its own. */
export function runPlain({ args, folder, env }: Shell, program: string, channel: ServerChannel): Running {
  const child = spawn(program, [...args], { cwd: folder, env: { ...env }, detached: true });
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // it has ended
    }
  };
  let over = false;
  child.stdin.on('error', () => undefined);
  channel.on('error', () => undefined);
  channel.stderr.on('error', () => undefined);
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.once('error', (error) => {
    over = true;
    channel.stderr.write(`${program} cannot be run: ${error.message}\n`);
    channel.exit(127);
    channel.end();
  });
  // all of its output has been read by then
  child.once('close', (code, signal) => {
    if (over) return;
    over = true;
    if (signal === null) channel.exit(code ?? 1);
    else channel.exit(signal.slice('SIG'.length), false);
    channel.end();
  });
  return {
    resize: () => undefined,
    signal: (name) => {
      const signal = signalOf(name);
      if (signal !== null) kill(signal);
    },
    hangUp: () => !over && kill('SIGHUP'),
  };
}
