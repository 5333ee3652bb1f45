import { readFileSync, readdirSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { systemErrorCode } from '../../errors/system-error.js';

/** All that reading a configuration touches outside of itself. */
export interface ConfigWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  readonly hostname: string;
  readonly isRoot: boolean;
  /** IANA name of the system's zone. */
  readonly timeZone: string;
  /** Text of a file; throws an error with a `code` as Node does. */
  readFile(path: string): string;
  /** Names in a folder; empty when there is no such folder. */
  listFolder(path: string): readonly string[];
}

/** This process, its machine and its files. */
export function systemWorld(): ConfigWorld {
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    hostname: hostname(),
    isRoot: process.getuid?.() === 0,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    readFile: (path) => readFileSync(path, 'utf8'),
    listFolder: (path) => {
      try {
        return readdirSync(path);
      } catch {
        return [];
      }
    },
  };
}

/** Node's code of a file error (`ENOENT`), in words a user knows. */
export function explainFileError(error: unknown): string {
  const code = fileErrorCode(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read it';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return `it cannot be read (${code})`;
  }
}

export function fileErrorCode(error: unknown): string {
  return systemErrorCode(error) || 'unknown error';
}
