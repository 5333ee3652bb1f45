import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Connection } from 'ssh2';
import { callInside } from './call-inside.js';

const WINDOW = 2 * 1024 * 1024;
const PACKET = 32 * 1024;

/** The client's key agent, for the programs of one session: only where the client has asked for it. */
export class AgentForwarding {
  private folder: string | null = null;
  private server: Server | null = null;

  constructor(private readonly connection: Connection) {}

  get environment(): Readonly<Record<string, string>> {
    return this.folder === null ? {} : { SSH_AUTH_SOCK: join(this.folder, 'agent.sock') };
  }

  /** Listens on a socket that only this user gets at. */
  async open(): Promise<void> {
    if (this.folder !== null) return;
    this.folder = mkdtempSync(join(tmpdir(), 'knot-ssh-'));
    this.server = createServer((socket) => this.forward(socket));
    this.server.listen(join(this.folder, 'agent.sock'));
    await once(this.server, 'listening');
  }

  close(): void {
    this.server?.close();
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
  }

  private forward(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    openToAgent(this.connection, (channel) => {
      if (!channel) return void socket.destroy();
      // whoever has gone meanwhile
      if (socket.destroyed) return void channel.destroy();
      channel.on('error', () => socket.destroy());
      socket.pipe(channel).pipe(socket);
      socket.once('close', () => channel.end());
      channel.once('close', () => socket.destroy());
    });
  }
}

/** ssh2 knows the message and has no word for it: what its other channels to a client are opened by is used. */
function openToAgent(connection: Connection, done: (channel: Duplex | null) => void): void {
  const channels: unknown = Reflect.get(connection, '_chanMgr');
  const protocol: unknown = Reflect.get(connection, '_protocol');
  const answered = (error: Error | undefined, channel: Duplex) => done(error ? null : channel);
  const id: unknown = callInside(channels, 'add', [Object.assign(answered, { type: 'auth-agent@openssh.com' })]);
  if (typeof id !== 'number' || id < 0) return done(null);
  callInside(protocol, 'openssh_authAgent', [id, WINDOW, PACKET]);
}
