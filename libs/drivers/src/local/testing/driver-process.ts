import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WorkloadSpec } from '../../driver.js';
import type { LocalFailpoint } from '../local-spaces.js';

export type DriverDeed =
  | { readonly do: 'apply'; readonly spec: WorkloadSpec; readonly expect: string }
  | { readonly do: 'remove'; readonly spec: WorkloadSpec }
  | { readonly do: 'hold'; readonly spec: WorkloadSpec; readonly term: number; readonly ttlMs: number };

export interface DriverOrder {
  readonly root: string;
  readonly deed: DriverDeed;
  /** Where it dies by SIGKILL. */
  readonly dieAt: LocalFailpoint | null;
  /** Dies by SIGKILL so long after it began the deed, ms. */
  readonly dieAfterMs: number | null;
  /** Stays when the deed is done, until it is killed. */
  readonly stay: boolean;
}

/** A process of its own that holds a driver, does one deed and ends; says "done" before that, or why it failed. */
export function startDriverProcess(order: DriverOrder): { child: ChildProcess; said: Promise<string> } {
  const at = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const flags = ['--conditions=knot-src', '--experimental-transform-types', '--no-warnings'];
  const child = spawn(
    process.execPath,
    [...flags, '--import', at('./typescript-hooks.mjs'), at('./driver-host.ts'), JSON.stringify(order)],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let said = '';
  child.stdout.on('data', (data: Buffer) => (said += data.toString()));
  child.stderr.on('data', (data: Buffer) => (said += data.toString()));
  return {
    child,
    said: new Promise((resolve) => {
      child.once('close', () => resolve(said.trim()));
      if (order.stay) child.stdout.once('data', () => resolve(said.trim()));
    }),
  };
}
