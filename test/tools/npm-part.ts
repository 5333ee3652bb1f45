import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CODE_SERVER = '4.139.1';
const OPTIONS = { timeout: 600_000, maxBuffer: 64 * 1024 * 1024 };

/**
 * The program of code-server, made once beside the other parts: 600 MB, half a minute where the registry is near, so only long
 * tests ask for it. No install script is run: they build modules in C++ (a terminal of its own, Kerberos, which needs
 * its library's headers) or fetch them made from elsewhere, and an editor of files in the browser misses none of them.
 */
export async function codeServer(): Promise<string> {
  const cache = process.env['KNOT_TOOLS_CACHE'] ?? join(homedir(), '.cache', 'knot-tools');
  const folder = join(cache, `code-server-${CODE_SERVER}`);
  const entry = join(folder, 'node_modules/code-server/out/node/entry.js');
  if (existsSync(entry)) return entry;
  const part = `${folder}.${process.pid}.part`;
  const plain = ['--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    mkdirSync(part, { recursive: true });
    await run('npm', ['install', ...plain, '--prefix', part, `code-server@${CODE_SERVER}`], OPTIONS);
    const cwd = join(part, 'node_modules/code-server/lib/vscode');
    await run('npm', ['install', ...plain, '--omit=dev'], { ...OPTIONS, cwd });
    // whole or not there; another run may have been faster
    if (!existsSync(entry)) renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return entry;
}
