import { join, resolve } from 'node:path';
import { problemAt, type ConfigProblem } from '../config-problem.js';
import type { Origin } from '../config-value.js';
import { isSystemError } from '../../errors/system-error.js';
import { explainFileError, type ConfigWorld } from './config-world.js';

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

/** The file in use, none, or a problem with the one that should be in use. */
export type FoundFile = ConfigFile | ConfigProblem | undefined;

export function isConfigFile(found: FoundFile): found is ConfigFile {
  return found !== undefined && 'text' in found;
}

/** Every place a file is looked for when none is named; `.knot.*` in all folders comes before `knot.*`. */
export function searchPaths({ cwd, home }: Pick<ConfigWorld, 'cwd' | 'home'>): string[] {
  const folders = [cwd, home, join(home, '.config', 'knot')];
  const endings = ['.yaml', '.yml'];
  return ['.knot', 'knot'].flatMap((name) =>
    folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))),
  );
}

/** Finds and reads the file: `--config`, else `KNOT_CONFIG`, else the first one of the search that is there. */
export function findConfigFile(world: ConfigWorld, flag: string | undefined): FoundFile {
  if (flag !== undefined && flag !== '') return readNamed(world, flag, { kind: 'flag', flag: '--config' });
  const env = world.env['KNOT_CONFIG'];
  if (env !== undefined && env !== '') return readNamed(world, env, { kind: 'env', name: 'KNOT_CONFIG' });
  for (const path of searchPaths(world)) {
    const found = readSearched(world, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function readNamed(world: ConfigWorld, name: string, origin: Origin): FoundFile {
  const path = resolve(world.cwd, name);
  try {
    return { path, text: world.readFile(path) };
  } catch (error) {
    return problemAt(origin, {
      key: 'config',
      found: `${path}: ${explainFileError(error)}`,
      allowed: 'a readable file',
    });
  }
}

function readSearched(world: ConfigWorld, path: string): FoundFile {
  try {
    return { path, text: world.readFile(path) };
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return undefined;
    const found = `${path} is there, but ${explainFileError(error)}`;
    return { key: '', where: path, file: path, found, allowed: 'a readable file' };
  }
}
