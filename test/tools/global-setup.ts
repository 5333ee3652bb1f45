import type { TestProject } from 'vitest/node';
import { startNomad } from './nomad.js';
import { removeStaleFolders } from './test-folder.js';

declare module 'vitest' {
  export interface ProvidedContext {
    nomad: { addr: string; token: string };
  }
}

/**
 * One Nomad for the whole run; test files reach it by `sharedNomad()`, each in namespaces of its own.
 * @public vitest calls it by its name
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeStaleFolders();
  const nomad = await startNomad();
  project.provide('nomad', { addr: nomad.addr, token: nomad.token });
  return () => nomad.stop();
}
