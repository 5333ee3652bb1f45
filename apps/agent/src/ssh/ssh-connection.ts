import type { Duplex } from 'node:stream';
import ssh2, { type Connection } from 'ssh2';
import { authenticate, type Proof } from './authenticate.js';
import { serveForwarding } from './forwarding.js';
import { loginShell } from '../terminal/shell.js';
import { serveSession } from './session.js';

/** From the first byte to a proof, ms. */
const PROOF_MS = 60_000;
const MOST_ATTEMPTS = 12;
/** Sessions and forwarded connections that one connection may have open at once. */
const MOST_CHANNELS = 1_000;

export interface SshConnectionOptions {
  /** As OpenSSH keeps it. */
  readonly hostKey: string;
  readonly proof: Proof;
  /** Public keys of the user, each `type base64`, as they are at the moment. */
  readonly keys: () => readonly string[];
  /** The image's own server of files; null where it has none. */
  readonly sftpProgram: string | null;
  /** The shell that the space asks for at the moment, by its name. */
  readonly shell?: () => string;
}

/** SSH over one stream. */
export class SshConnection {
  /** The key that let them in, '' for a ticket; null before. */
  shown: string | null = null;
  private attempts = 0;

  constructor(
    readonly stream: Duplex,
    private readonly options: SshConnectionOptions,
  ) {
    const server = new ssh2.Server(
      {
        hostKeys: [options.hostKey],
        ident: 'knot',
        // those that Node does in native code; no other is fast enough to be worth a choice
        algorithms: {
          cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr'],
          compress: ['none'],
        },
      },
      (connection) => this.serve(connection),
    );
    const timer = setTimeout(() => this.shown === null && stream.destroy(), PROOF_MS);
    stream.once('close', () => clearTimeout(timer));
    // what it says of a stream that broke is told by the stream
    server.on('error', () => undefined);
    // its types ask for a socket, and it uses no more than a stream has
    Reflect.apply(server.injectSocket.bind(server), undefined, [stream]);
  }

  close(): void {
    this.stream.destroy();
  }

  private serve(connection: Connection): void {
    const { shell, sftpProgram } = this.options;
    let channels = 0;
    connection.on('error', () => this.stream.destroy());
    connection.on('authentication', (context) => {
      this.attempts += 1;
      if (this.attempts > MOST_ATTEMPTS) return this.stream.destroy();
      this.shown ??= authenticate(context, this.options.proof, this.options.keys());
    });
    connection.on('session', (accept, reject) => {
      channels += 1;
      if (channels > MOST_CHANNELS) return reject();
      const session = accept();
      session.once('close', () => (channels -= 1));
      serveSession(connection, session, loginShell(process.env, shell?.()), sftpProgram);
    });
    serveForwarding(connection);
  }
}
