import { createReadStream, type ReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KnotError } from '@knot/shared/errors';

/** Programs in zips that a server hands out to whoever asks. */
export interface ProgramFiles {
  readonly names: RegExp;
  /** Where they are made. */
  readonly folder: string;
  readonly what: string;
  /** Which there are. */
  readonly all: string;
  readonly maker: string;
}

/** What images fetch. */
export const AGENT_FILES: ProgramFiles = {
  names: /^knot_agent_linux_(amd64|arm64)\.zip(\.sha256)?$/,
  folder: fileURLToPath(new URL('../../../apps/agent/dist/images', import.meta.url)),
  what: 'agent',
  all: 'There are knot_agent_linux_amd64.zip, knot_agent_linux_arm64.zip, and each with .sha256.',
  maker: 'node tools/build-agent.mjs',
};

/** What people fetch. */
export const CLI_FILES: ProgramFiles = {
  names: /^knot_(linux|darwin|windows)_(amd64|arm64)\.zip(\.sha256)?$/,
  folder: fileURLToPath(new URL('../../../apps/cli/dist/downloads', import.meta.url)),
  what: 'command line',
  all: 'There are knot_<linux|darwin|windows>_<amd64|arm64>.zip, and each with .sha256.',
  maker: 'node tools/build-cli.mjs',
};

/** A program in a zip, or its digest as `sha256sum --check` reads it. */
export interface ProgramFile {
  readonly type: string;
  readonly size: number;
  /** As an ETag header has it. */
  readonly etag: string;
  readonly open: () => ReadStream | string;
}

/**
 * One of them by its name. What is fetched here is run: it goes over HTTPS, or to a program of this machine.
 * Throws `access.denied` where it would not, `resource.not_found` where nothing of that name was made.
 */
export async function programFile(files: ProgramFiles, name: string, safe: boolean): Promise<ProgramFile> {
  if (!files.names.test(name)) {
    throw new KnotError('resource.not_found', `There is no such ${files.what}.`, files.all);
  }
  if (!safe) throw overPlainHttp();
  const zip = join(files.folder, name.replace(/\.sha256$/, ''));
  const [made, text] = await Promise.all([stat(zip), readFile(`${zip}.sha256`, 'utf8')]).catch(() => {
    const hint = `An administrator makes it beside this server: ${files.maker}`;
    throw new KnotError('resource.not_found', `${name} was not made here.`, hint);
  });
  const etag = `"${text.split(' ')[0]}"`;
  return name.endsWith('.sha256')
    ? { type: 'text/plain; charset=utf-8', size: text.length, etag, open: () => text }
    : { type: 'application/zip', size: made.size, etag, open: () => createReadStream(zip) };
}

/** A file of the folder that `server.download_path` names; null where it has none of that name. Throws as `programFile`. */
export async function ownFile(folder: string, name: string, safe: boolean): Promise<ProgramFile | null> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return null;
  const path = join(folder, name);
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) return null;
  if (!safe) throw overPlainHttp();
  const etag = `"${found.size.toString(16)}-${Math.trunc(found.mtimeMs).toString(16)}"`;
  return { type: 'application/octet-stream', size: found.size, etag, open: () => createReadStream(path) };
}

function overPlainHttp(): KnotError {
  const hint = 'Ask by https://. Behind a proxy that ends TLS, name it in server.trusted_proxies.';
  return new KnotError('access.denied', 'Programs are handed out over HTTPS only.', hint);
}
