import type { Command } from 'commander';
import { KnotError } from '@knot/shared/errors';
import { loadConfig, type KnotConfig } from '@knot/shared/config';
import { createApi, type Api } from '../api/api.js';
import { download } from '../api/download.js';
import { followEvents, type News } from '../api/event-stream.js';
import type { SendPorts } from '../api/send.js';
import type { CommandContext } from '../command-context.js';
import { configFlagValues } from '../config-flags.js';

/** A server as a command speaks to it. */
export interface Client {
  readonly server: string;
  readonly api: Api;
  /** The same for where there is another way: it does not wait long for an answer. */
  readonly hastyApi: Api;
  readonly context: CommandContext;
  /** What each request shows: the token, a secret, and what program this is. */
  readonly headers: Readonly<Record<string, string>>;
  /** What changes, until the signal is aborted. */
  follow(signal: AbortSignal): AsyncIterable<News>;
  /** A long text of this media type, piece by piece. */
  download(path: string, type: string): AsyncIterable<string>;
}

const HASTY_MS = 5_000;
const HOW_TO_CONNECT = '`knot connect https://knot.example.com` signs in and remembers both.';

/** The configuration of a command that is a client, its warnings on stderr. */
export function clientConfig(context: CommandContext, command: Command): KnotConfig {
  const loaded = loadConfig({ purpose: 'client', flags: configFlagValues(command, 'client'), world: context });
  for (const text of loaded.warnings) context.stderr.write(`warning: ${text}\n`);
  return loaded.config;
}

/** The server and the token of flags, environment or file. Nothing is sent yet. */
export function openClient(context: CommandContext, command: Command): Client {
  const config = clientConfig(context, command);
  const { server, token } = config.client;
  if (server === undefined) {
    throw new KnotError('input.invalid', 'no server is named (client.server, KNOT_SERVER, --server)', HOW_TO_CONNECT);
  }
  if (token === undefined) {
    throw new KnotError('auth.required', 'there is no token (client.token, KNOT_TOKEN, --token)', HOW_TO_CONNECT);
  }
  const headers = { authorization: `Bearer ${token.reveal()}`, 'user-agent': userAgent(context) };
  const ports = sendPorts(context, server, config.tlsSkipVerify);
  return {
    server,
    context,
    headers,
    api: createApi(ports, headers),
    hastyApi: createApi({ ...ports, deadlineMs: HASTY_MS }, headers),
    follow: (signal) => followEvents({ ...ports, headers }, signal),
    download: (path, type) => download({ ...ports, headers }, path, type),
  };
}

/** How requests to this server go out. */
export function sendPorts(context: CommandContext, server: string, skipVerify: boolean): SendPorts {
  const { clock, random, stderr } = context;
  if (skipVerify && server.startsWith('https:')) {
    stderr.write(`warning: the certificate of ${server} is not checked (tls_skip_verify): anybody can pose as it\n`);
  }
  return { server, clock, random, fetch: skipVerify ? context.unverifiedFetch : context.fetch };
}

/** What the server's list of sessions shows. */
export function userAgent({ hostname }: CommandContext): string {
  return `knot on ${hostname}`.replace(/[^\x20-\x7e]/g, '?');
}
