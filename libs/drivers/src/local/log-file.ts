import { copyFile, open, stat, truncate } from 'node:fs/promises';

/** A run's log is cut at this size, bytes; the part before the cut is kept once, as `log.1`. */
const LOG_LIMIT = 8 * 1024 * 1024;
/** How much of the end is read for lines, bytes. */
const TAIL_BYTES = 256 * 1024;

/**
 * Keeps a log from growing without end. The processes append to it by themselves, so it is copied and emptied in
 * place; what is said between the two is lost. Costs one stat while it is small.
 */
export async function boundLog(path: string, limit = LOG_LIMIT): Promise<void> {
  const size = await sizeOf(path);
  if (size <= limit) return;
  await copyFile(path, `${path}.1`);
  await truncate(path, 0);
}

/** The last lines said, oldest first. */
export async function tailLog(path: string, lines: number): Promise<readonly string[]> {
  const now = await lastLines(path);
  if (now.length >= lines) return now.slice(now.length - lines);
  return [...(await lastLines(`${path}.1`)), ...now].slice(-lines);
}

async function lastLines(path: string): Promise<readonly string[]> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return [];
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const buffer = Buffer.alloc(size - from);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    if (from > 0) lines.shift();
    if (lines.at(-1) === '') lines.pop();
    return lines;
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
