import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = '/usr/lib';

/** The wall clock of one process, which may jump while it runs; its monotonic clock is the machine's. */
export interface FalseClock {
  /** For the environment of the process. */
  readonly env: Record<string, string>;
  /** How far it is off from now on, seconds. */
  jump(seconds: number): void;
}

export function falseClock(folder: string): FalseClock {
  const library = readdirSync(ROOT)
    .map((name) => join(ROOT, name, 'faketime', 'libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
  if (library === undefined) throw new Error('There is no libfaketime. Run: node test/tools/get.mjs');
  const file = join(folder, 'clock');
  const jump = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`);
  jump(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_CACHE_DURATION: '1',
    },
    jump,
  };
}
