import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Inside node_modules, so that what the victim imports from packages is found. */
const CACHE = fileURLToPath(new URL('../../../../../../node_modules/.cache', import.meta.url));

/** Compiles the victim once; it must run in a process of its own. Answers the path to run. */
export async function buildVictim(): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const outDir = await mkdtemp(join(CACHE, 'knot-victim-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: HERE,
    resolve: { conditions: ['knot-src'] },
    ssr: { noExternal: [/^@knot\//], resolve: { conditions: ['knot-src', 'node', 'import', 'default'] } },
    build: { ssr: join(HERE, 'victim.ts'), outDir, emptyOutDir: true, target: 'node24' },
  });
  return join(outDir, 'victim.js');
}

/** Where the victim is struck: at the n-th time of a point of its gate, or after a time from outside. */
export type Strike =
  { readonly point: 'begun' | 'written' | 'durable'; readonly nth: number } | { readonly afterMs: number };

/** Runs the victim until it is killed. Answers the ids of the writes that were acknowledged before. */
export async function runVictim(
  program: string,
  kind: 'main' | 'leaf',
  file: string,
  strike: Strike,
  prefix: string,
): Promise<string[]> {
  const [point, nth] = 'point' in strike ? [strike.point, String(strike.nth)] : ['never', '0'];
  const child = spawn(process.execPath, [program, kind, file, point, nth, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = text(child.stdout);
  if ('afterMs' in strike) {
    await once(child.stdout, 'data');
    setTimeout(() => child.kill('SIGKILL'), strike.afterMs);
  }
  const exit: readonly unknown[] = await once(child, 'exit');
  if (exit[1] !== 'SIGKILL') throw new Error(`the victim ended by itself: ${await output}`);
  // A line that was cut off is an acknowledgement nobody got.
  return (await output).split('\n').slice(0, -1);
}
