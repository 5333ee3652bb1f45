import { execFile } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The Python of an environment with what `python-parts/<name>.txt` pins, made once beside the other parts. Only long
 * tests ask for one: `npm test` runs on machines without Python.
 */
export async function pythonOf(name: string): Promise<string> {
  const pinned = fileURLToPath(new URL(`python-parts/${name}.txt`, import.meta.url));
  const digest = createHash('sha256').update(readFileSync(pinned)).digest('hex').slice(0, 12);
  const cache = process.env['KNOT_TOOLS_CACHE'] ?? join(homedir(), '.cache', 'knot-tools');
  const folder = join(cache, `${name}-${digest}`);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  const part = `${folder}.${process.pid}.part`;
  try {
    await run('python3', ['-m', 'venv', part]);
    const install = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--disable-pip-version-check', '-r', pinned];
    await run(join(part, 'bin', 'python'), install);
    // whole or not there; another run may have been faster
    if (!existsSync(python)) renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return python;
}
