import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import parts from './parts.json' with { type: 'json' };

type GoParts = typeof parts.go;

function inCache(part: keyof GoParts, file: string): string {
  const cache = process.env['KNOT_TOOLS_CACHE'] || join(homedir(), '.cache', 'knot-tools');
  const path = join(cache, `${part}-${parts.go[part].version}`, file);
  if (!existsSync(path)) throw new Error(`There is no ${path}. Run: node test/tools/get.mjs ${part}`);
  return path;
}

/** Kinds that others have defined, as their own modules ship them. */
export const DEFINITIONS = Object.keys(parts.go.definitions.files);

export function definitionFile(name: string): string {
  return inCache('definitions', name);
}

/** Where a program that get.mjs built lies, e.g. `goProgram('kubernetes', 'kubectl')`; throws when it was not got. */
export function goProgram<Part extends keyof GoParts>(
  part: Part,
  program: keyof GoParts[Part]['programs'] & string,
): string {
  return inCache(part, program);
}

/** Gets a part that only long tests and benchmarks need. It may be built for minutes, in which connections end: nothing waits. */
export async function getPart(part: keyof GoParts): Promise<void> {
  const script = fileURLToPath(new URL('get.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, part], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${part} cannot be had: see above.`);
}
