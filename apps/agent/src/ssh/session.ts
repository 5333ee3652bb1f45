import type { Connection, Session } from 'ssh2';
import type { Shell } from '../terminal/shell.js';
import { AgentForwarding } from './agent-forwarding.js';
import { runOnPty, type PtyRequest } from './run-on-pty.js';
import { runPlain } from './run-plain.js';
import { serveSftp } from './sftp/serve-sftp.js';
import type { Running } from './running.js';

const MOST_VARIABLES = 128;
const LONGEST_VALUE = 32 * 1024;

/**
 * Serves one session: a shell, a command or a subsystem, on a terminal where one is asked for. Files go by the program
 * `sftp`, or by this agent's own server where it is null.
 */
export function serveSession(connection: Connection, session: Session, shell: Shell, sftp: string | null): void {
  const given: Record<string, string> = {};
  const forwarding = new AgentForwarding(connection);
  let pty: PtyRequest | null = null;
  let running: Running | null = null;
  const environment = () => ({ ...shell.env, ...given, ...forwarding.environment, ...OF_SSH });
  const run = (args: readonly string[], channel: Parameters<typeof runPlain>[2]) => {
    const prepared: Shell = { ...shell, args, env: environment() };
    running = pty ? runOnPty(prepared, pty, channel) : runPlain(prepared, prepared.program, channel);
  };

  session.on('env', (accept, reject, { key, val }) => {
    const fits = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(key) && val.length <= LONGEST_VALUE;
    if (!fits || Object.keys(given).length >= MOST_VARIABLES) return void reject?.();
    given[key] = val;
    accept?.();
  });
  session.on('pty', (accept, _reject, info) => {
    const term: unknown = Reflect.get(info, 'term');
    pty = { columns: info.cols, rows: info.rows, term: typeof term === 'string' && term !== '' ? term : 'xterm' };
    accept?.();
  });
  session.on('window-change', (accept, _reject, { cols, rows }) => {
    running?.resize(cols, rows);
    accept?.();
  });
  session.on('signal', (accept, _reject, { name }) => {
    running?.signal(name);
    accept?.();
  });
  session.on('auth-agent', (accept, reject) => {
    forwarding.open().then(
      () => accept?.(),
      () => reject?.(),
    );
  });
  session.on('shell', (accept) => run(shell.args, accept()));
  session.on('exec', (accept, _reject, { command }) => run(['-c', command], accept()));
  serveSubsystem(session, sftp, environment, shell);
  session.once('close', () => {
    running?.hangUp();
    forwarding.close();
  });
}

/** What programs tell a session of SSH by. */
const OF_SSH = { SSH_CONNECTION: '127.0.0.1 0 127.0.0.1 22', SSH_CLIENT: '127.0.0.1 0 22' };

function serveSubsystem(
  session: Session,
  program: string | null,
  environment: () => Record<string, string>,
  shell: Shell,
): void {
  if (program === null) {
    session.on('sftp', (accept) => serveSftp(accept(), shell.folder));
    return;
  }
  session.on('subsystem', (accept, reject, { name }) => {
    if (name !== 'sftp') return void reject?.();
    const running = runPlain({ ...shell, args: [], env: environment() }, program, accept());
    session.once('close', () => running.hangUp());
  });
}
