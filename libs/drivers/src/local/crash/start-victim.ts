import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import type { WorkloadSpec } from '../../driver.js';
import type { LocalFailpoint } from '../local-spaces.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
/** Inside node_modules, so that what the victim imports from packages is found. */
const CACHE = fileURLToPath(new URL('../../../../../node_modules/.cache', import.meta.url));

export type VictimDeed =
  | { readonly do: 'apply'; readonly spec: WorkloadSpec; readonly expect: string }
  | { readonly do: 'remove'; readonly spec: WorkloadSpec }
  | { readonly do: 'hold'; readonly spec: WorkloadSpec; readonly term: number; readonly ttlMs: number };

export interface VictimOrder {
  readonly root: string;
  readonly deed: VictimDeed;
  /** Where it dies by SIGKILL. */
  readonly dieAt?: LocalFailpoint;
  /** Dies by SIGKILL so long after it began the deed, ms. */
  readonly dieAfterMs?: number;
  /** Stays when the deed is done, until it is killed. */
  readonly stay?: boolean;
}

/** Compiles the victim once; it must run in a process of its own. Answers the path to run. */
export async function buildVictim(): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  const outDir = await mkdtemp(join(CACHE, 'knot-driver-victim-'));
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

/** A process of its own that holds a driver, does one deed and ends; says "done" before that, or why it failed. */
export function startVictim(program: string, order: VictimOrder): { child: ChildProcess; said: Promise<string> } {
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const child = spawn(process.execPath, [program, JSON.stringify(order)], { stdio: [...stdio], detached: true });
  let said = '';
  child.stdout?.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (said += data.toString()));
  return {
    child,
    said: new Promise((resolve) => {
      child.once('close', () => resolve(said.trim()));
      if (order.stay === true) child.stdout?.once('data', () => resolve(said.trim()));
    }),
  };
}
