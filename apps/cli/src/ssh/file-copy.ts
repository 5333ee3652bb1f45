import * as fs from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import type { Client as SshClient, SFTPWrapper, Stats } from 'ssh2';
import { fileErrorCode } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';

const DEEPEST = 64;
const NO_SUCH_FILE = 2;
const DENIED = 3;

export interface FileCopyOptions {
  readonly recursive: boolean;
  readonly onProgress: (path: string, done: number, size: number) => void;
}

/** Copies files over SFTP. */
export class FileCopy {
  static async over(ssh: SshClient, options: FileCopyOptions): Promise<FileCopy> {
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      ssh.sftp((error, wrapper) => (error ? reject(error) : resolve(wrapper)));
    });
    return new FileCopy(sftp, options);
  }

  private constructor(
    private readonly sftp: SFTPWrapper,
    private readonly options: FileCopyOptions,
  ) {}

  /** From here to the space; into `to` where that is a folder. */
  async send(from: string, to: string): Promise<void> {
    const target = (await this.statThere(to))?.isDirectory() ? posix.join(to, basename(from)) : to;
    await this.sendOne(from, target, 0);
  }

  /** From the space to here; into `to` where that is a folder. */
  async fetch(from: string, to: string): Promise<void> {
    const folder = await fs.stat(to).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    await this.fetchOne(from, folder ? join(to, posix.basename(from)) : to, 0);
  }

  private async sendOne(from: string, to: string, depth: number): Promise<void> {
    const stats = await fs.stat(from).catch((error: unknown) => {
      const code = fileErrorCode(error);
      if (['ENOENT', 'ENOTDIR'].includes(code)) throw new KnotError('resource.not_found', `there is no ${from} here`);
      throw new KnotError('input.invalid', `${from} cannot be read (${code})`);
    });
    if (!stats.isDirectory()) return this.put(from, to, stats.mode & 0o777);
    this.assertRecursive(from, depth);
    if (!(await this.statThere(to))?.isDirectory()) {
      await this.there(to, (done) => this.sftp.mkdir(to, { mode: stats.mode & 0o777 }, done));
    }
    for (const name of await fs.readdir(from)) await this.sendOne(join(from, name), posix.join(to, name), depth + 1);
  }

  private async fetchOne(from: string, to: string, depth: number): Promise<void> {
    const stats = await this.statThere(from);
    if (!stats) throw new KnotError('resource.not_found', `there is no ${from} in the space`);
    if (!stats.isDirectory()) return this.get(from, to, stats.mode & 0o777);
    this.assertRecursive(from, depth);
    await fs.mkdir(to, { recursive: true });
    for (const name of await this.namesIn(from)) {
      // what a space says is not believed: no name leads out of the folder
      if (name === '.' || name === '..' || /[/\\\0]/.test(name)) continue;
      await this.fetchOne(posix.join(from, name), join(to, name), depth + 1);
    }
  }

  private put(from: string, to: string, mode: number): Promise<void> {
    const { onProgress } = this.options;
    const step = (done: number, _chunk: number, size: number) => onProgress(from, done, size);
    return this.there(to, (done) => this.sftp.fastPut(from, to, { mode, step }, done));
  }

  private async get(from: string, to: string, mode: number): Promise<void> {
    const { onProgress } = this.options;
    const step = (done: number, _chunk: number, size: number) => onProgress(from, done, size);
    await this.there(from, (done) => this.sftp.fastGet(from, to, { step }, done));
    await fs.chmod(to, mode);
  }

  /** Null where there is nothing. */
  private statThere(path: string): Promise<Stats | null> {
    return new Promise((resolve, reject) => {
      this.sftp.stat(path, (error, stats) => {
        if (!error) resolve(stats);
        else if (codeOf(error) === NO_SUCH_FILE) resolve(null);
        else reject(told(path, error));
      });
    });
  }

  private there(path: string, deed: (done: (error?: Error | null) => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      deed((error) => (error ? reject(told(path, error)) : resolve()));
    });
  }

  private namesIn(path: string): Promise<string[]> {
    return new Promise((resolve, reject) => {
      this.sftp.readdir(path, (error, list) => {
        if (error) reject(told(path, error));
        else resolve(list.map(({ filename }) => filename));
      });
    });
  }

  private assertRecursive(path: string, depth: number): void {
    if (!this.options.recursive) throw new KnotError('input.invalid', `${path} is a folder`, 'Copy it with -r.');
    if (depth > DEEPEST) throw new KnotError('input.invalid', `${path} lies deeper than ${DEEPEST} folders`);
  }
}

function told(path: string, error: Error): KnotError {
  switch (codeOf(error)) {
    case NO_SUCH_FILE:
      return new KnotError('resource.not_found', `there is no ${path} in the space`);
    case DENIED:
      return new KnotError('access.denied', `${path} may not be touched in the space`);
    default:
      return new KnotError('internal', `${path}: ${error.message}`);
  }
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}
