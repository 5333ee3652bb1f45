import { spawn, type ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { KnotError } from '@knot/shared/errors';
import { givenUp, pause, type DriverClock } from '../clock.js';
import { readRun, type RunFiles } from './run-record.js';

/** A shell needs milliseconds for it; more means that the machine is in trouble. */
const CLAIM_PATIENCE_MS = 10_000;

export interface Launch {
  /** The run's folder, with its record and script. */
  readonly path: string;
  readonly run: number;
  readonly command: readonly string[];
  /** Absolute. */
  readonly workdir: string;
  /** The space's folder. */
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: DriverClock;
  /** Called once when the run's first process ends while this process lives. */
  readonly onEnd: () => void;
  readonly failpoint: (name: 'spawned') => Promise<void> | undefined;
}

/**
 * Starts the run's script as the leader of a session of its own, so that neither the leaf's end nor a Ctrl-C in its
 * terminal reaches it. Returns when the run is claimed.
 */
export async function launch(options: Launch, signal: AbortSignal): Promise<RunFiles> {
  const { path, command, workdir, home, env, onEnd } = options;
  const log = await open(join(path, 'log'), 'a', 0o600);
  let child: ChildProcess;
  try {
    child = spawn('/bin/sh', [join(path, 'launch.sh'), path, workdir, ...command], {
      cwd: home,
      env: { ...env },
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    await started(child);
  } finally {
    await log.close();
  }
  child.once('exit', onEnd);
  child.unref();
  await options.failpoint('spawned');
  return untilClaimed(options, child, signal);
}

function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => {
      const message = `No process can be started on this machine: ${cause.message}.`;
      reject(
        new KnotError('backend.unavailable', message, 'Look at its limits of processes and memory.', {}, { cause }),
      );
    });
  });
}

async function untilClaimed({ path, run, clock }: Launch, child: ChildProcess, signal: AbortSignal): Promise<RunFiles> {
  const begun = clock.monotonic();
  for (let round = 0; ; round += 1) {
    const gone = child.exitCode !== null || child.signalCode !== null;
    const files = await readRun(path, run);
    if (files.claim.kind === 'made') return files;
    if (gone || files.claim.kind === 'void') {
      throw new KnotError('backend.conflict', 'The start was given up by another one at the same moment.');
    }
    if (signal.aborted) throw givenUp();
    if (clock.monotonic() - begun > CLAIM_PATIENCE_MS) {
      throw new KnotError('backend.unavailable', 'The machine has not started the process in time.');
    }
    await pause(clock, Math.min(100, 2 * 2 ** round), signal);
  }
}
