import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The words before a command that give it a disk of its own in a folder. It is mounted where only the command and its
 * children see it, so that it goes with them, however they end. Needs the right to mount, as root has it.
 */
export function onSmallDisk(folder: string, megabytes: number): readonly string[] {
  const script = `mount -t tmpfs -o size=${megabytes}m knot-test "$0" && exec "$@"`;
  return ['unshare', '--mount', 'sh', '-c', script, folder];
}

/** The disk of a process that was started so, from outside. */
export class SmallDisk {
  private readonly filler: string;

  constructor(pid: number, folder: string) {
    this.filler = join('/proc', String(pid), 'root', folder, 'filler');
  }

  /** To its last byte. */
  fill(): void {
    const file = openSync(this.filler, 'w');
    for (const size of [1 << 20, 1 << 12, 1]) writeAll(file, size);
    closeSync(file);
  }

  free(): void {
    rmSync(this.filler, { force: true });
  }
}

function writeAll(file: number, size: number): void {
  const piece = Buffer.alloc(size);
  try {
    for (;;) writeSync(file, piece);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOSPC') throw error;
  }
}
