import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { goProgram } from '../tools/go-part.js';

const here = dirname(fileURLToPath(import.meta.url));
export const CHART = join(here, '../../deploy/helm/knot');
export const KUBERNETES = '1.35.4';

export function valuesFile(name: string): string {
  return join(here, 'values', `${name}.yaml`);
}

/** Runs helm; what it says on stderr becomes the error's message. */
export async function helm(...args: string[]): Promise<string> {
  const run = promisify(execFile);
  try {
    return (await run(goProgram('helm', 'helm'), args, { maxBuffer: 16 * 1024 * 1024 })).stdout;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error);
    throw new Error(said, { cause: error });
  }
}

/** What a release of these values would be. */
export function rendered(release: string, ...args: string[]): Promise<string> {
  return helm('template', release, CHART, '--namespace', 'knot', '--kube-version', KUBERNETES, ...args);
}
