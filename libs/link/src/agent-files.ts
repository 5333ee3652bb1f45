import { createReadStream, type ReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { KnotError } from '@knot/shared/errors';

/** Where tools/build-agent.mjs leaves them. */
const BUILT_AGENTS = fileURLToPath(new URL('../../../apps/agent/dist/images', import.meta.url));
const NAMES = /^knot_agent_linux_(amd64|arm64)\.zip(\.sha256)?$/;

/** What images fetch without signing in: the agent in a zip, or its digest as `sha256sum --check` reads it. */
export interface AgentFile {
  readonly type: string;
  readonly size: number;
  /** As an ETag header has it. */
  readonly etag: string;
  readonly open: () => ReadStream | string;
}

/**
 * What `GET /agents/<name>` answers. What is fetched here is run: it goes over HTTPS, or to a program of this machine.
 * Throws `access.denied` where it would not, `resource.not_found` where nothing of that name was made.
 */
export async function agentFile(name: string, safe: boolean, folder = BUILT_AGENTS): Promise<AgentFile> {
  if (!NAMES.test(name)) {
    const names = 'There are knot_agent_linux_amd64.zip, knot_agent_linux_arm64.zip, and each with .sha256.';
    throw new KnotError('resource.not_found', 'There is no such agent.', names);
  }
  if (!safe) {
    const hint = 'Ask by https://. Behind a proxy that ends TLS, name it in server.trusted_proxies.';
    throw new KnotError('access.denied', 'Agents are handed out over HTTPS only: they are programs.', hint);
  }
  const zip = join(folder, name.replace(/\.sha256$/, ''));
  const [made, text] = await Promise.all([stat(zip), readFile(`${zip}.sha256`, 'utf8')]).catch(() => {
    const hint = 'An administrator makes it beside this server: node tools/build-agent.mjs';
    throw new KnotError('resource.not_found', `${name} was not made here.`, hint);
  });
  const etag = `"${text.split(' ')[0]}"`;
  return name.endsWith('.sha256')
    ? { type: 'text/plain; charset=utf-8', size: text.length, etag, open: () => text }
    : { type: 'application/zip', size: made.size, etag, open: () => createReadStream(zip) };
}
