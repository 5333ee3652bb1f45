import { Agent } from './agent.js';
import { readSettings } from './settings.js';
import { AGENT_VERSION } from './version.js';

export const FLAGS_HELP = `Flags, each with the variable of the environment that it beats:
  --endpoint <host:port>     where the leaf meets agents, or srv+name   KNOT_AGENT_ENDPOINT
  --nameserver <host:port>   who knows where srv+name is               KNOT_NAMESERVERS (system)
  --space-id <uuid>          this space                                 KNOT_SPACEID
  --tcp-port <port>          what it offers: 5432, or 5432=Database     KNOT_TCP_PORT
  --http-port <port>         likewise, web pages: 80=Web                KNOT_HTTP_PORT
  --https-port <port>        likewise, over TLS                         KNOT_HTTPS_PORT
  --code-server-port <port>  where code-server listens, 0 for none     KNOT_CODE_SERVER_PORT (49374)
  --vnc-http-port <port>     where a desktop's web page is              KNOT_VNC_HTTP_PORT
  --start-script <path>      what it runs once at first, or a folder    KNOT_START_SCRIPT
  --vscode-tunnel <on>       runs code tunnel; off or empty: does not   KNOT_VSCODE_TUNNEL
  --syslog-port <port>       where it hears syslog, 0 for none          KNOT_SYSLOG_PORT (514)
  --api-port <port>          where it takes posts of logs, 0 for none   KNOT_LOGS_PORT (12201)
What it joins with is in the environment of its space: KNOT_JOIN_SECRET and KNOT_AGENT_CA.
`;

/** Runs until the process is told to end. Throws `config.invalid` with what is missing. */
export async function runAgent(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  write: (text: string) => void,
): Promise<void> {
  const log = (sentence: string) => write(`knot-agent: ${sentence}\n`);
  const { settings, notices } = readSettings(args, env);
  for (const notice of notices) log(notice);
  const end = new AbortController();
  // shells of people live below it: a defect costs them a line in the log
  process.on('uncaughtException', (error) =>
    log(`Something went wrong, and it goes on: ${error.stack ?? error.message}`),
  );
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => end.abort());
  await new Agent({ settings, version: AGENT_VERSION, log }).run(end.signal);
}
