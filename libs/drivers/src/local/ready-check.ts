import { access } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { isAbsolute, join, normalize } from 'node:path';
import type { Node } from 'yaml';
import type { YamlReader } from './yaml-reader.js';

export type ReadyCheck =
  | { readonly by: 'port'; readonly port: number }
  | { readonly by: 'http'; readonly port: number; readonly path: string }
  /** Relative to the space's folder. */
  | { readonly by: 'file'; readonly file: string };

/** How long one look may take, ms. It is asked again, so a slow answer is only late. */
const DEADLINE_MS = 1_000;

export function parseReady(reader: YamlReader, node: Node): ReadyCheck {
  const fields = reader.fields(node, ['port', 'http', 'file'], 'ready');
  if (Object.keys(fields).length !== 1) throw reader.refuse('ready has one of the keys port, http, file', node);
  if (fields.port) return { by: 'port', port: parsePort(reader, fields.port) };
  if (fields.http) {
    const { port, path } = reader.fields(fields.http, ['port', 'path'], 'ready.http');
    if (!port) throw reader.refuse('ready.http needs a port', fields.http);
    const text = path ? reader.text(path, 'ready.http.path') : '/';
    if (!/^\/[\x21-\x7e]*$/.test(text)) throw reader.refuse('ready.http.path begins with / and has no spaces', path);
    return { by: 'http', port: parsePort(reader, port), path: text };
  }
  const file = fields.file ? reader.text(fields.file, 'ready.file') : '';
  if (file === '' || isAbsolute(file) || normalize(file).startsWith('..')) {
    throw reader.refuse('ready.file is a path in the space’s folder', fields.file);
  }
  return { by: 'file', file };
}

function parsePort(reader: YamlReader, node: Node): number {
  const port = Number(reader.text(node, 'a port'));
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw reader.refuse('a port is from 1 to 65535', node);
  return port;
}

/** Null when it is ready, else what is missing, as a sentence. */
export async function lookIfReady(check: ReadyCheck, folder: string, signal: AbortSignal): Promise<string | null> {
  switch (check.by) {
    case 'port':
      return (await connects(check.port, signal)) ? null : `Nobody listens on port ${check.port} yet.`;
    case 'http':
      return lookAtHttp(check.port, check.path, signal);
    case 'file':
      return access(join(folder, check.file)).then(
        () => null,
        () => `The file ${check.file} is not there yet.`,
      );
  }
}

function connects(port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const answer = (connected: boolean) => {
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(connected);
    };
    const giveUp = () => answer(false);
    socket.setTimeout(DEADLINE_MS, giveUp);
    socket.once('connect', () => answer(true));
    socket.once('error', giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
  });
}

/** Loopback only, and no redirect is followed: the look never leaves the machine. */
async function lookAtHttp(port: number, path: string, signal: AbortSignal): Promise<string | null> {
  const where = `127.0.0.1:${port}${path}`;
  try {
    const both = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    const answer = await fetch(`http://${where}`, { redirect: 'manual', signal: both });
    await answer.body?.cancel();
    return answer.status < 400 ? null : `${where} answers ${answer.status}.`;
  } catch {
    return `${where} does not answer yet.`;
  }
}
