import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'knot-test-';

/** A new folder under the machine's temporary folder; its name tells which process it belongs to. */
export function testFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-${name}-`));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Whether a name was given by `testFolder` in a process that is no more. */
export function isStaleName(name: string): boolean {
  const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}

/** Removes folders left by test processes that were killed before they could clean up. */
export function removeStaleFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    if (isStaleName(name)) removeFolder(join(tmpdir(), name));
  }
}
