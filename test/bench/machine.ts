import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { removeFolder, testFolder } from '../tools/test-folder.js';
import { percentile } from './figures.js';

/** What a figure depends on beside the programs. */
export interface Machine {
  readonly cores: number;
  readonly node: string;
  /** Load of the last minute. */
  readonly load: number;
  /** What it takes to make 4 kB durable where the data folders are, ms, p50 of 100. */
  readonly fsyncMs: number;
}

export function lookAtMachine(): Machine {
  return { cores: availableParallelism(), node: process.version, load: loadavg()[0] ?? NaN, fsyncMs: fsyncMs() };
}

function fsyncMs(): number {
  const folder = testFolder('fsync');
  const file = openSync(join(folder, 'file'), 'w');
  const times = Array.from({ length: 100 }, () => {
    const begun = performance.now();
    writeSync(file, Buffer.alloc(4_096));
    fsyncSync(file);
    return performance.now() - begun;
  });
  closeSync(file);
  removeFolder(folder);
  return percentile(times, 0.5);
}
