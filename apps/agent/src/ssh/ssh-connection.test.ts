import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import ssh2, { type AuthenticationType, type AuthHandlerMiddleware } from 'ssh2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Proof } from './authenticate.js';
import { openSshHostKey } from './host-key.js';
import { SshConnection } from './ssh-connection.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Over a socket, for ssh2 does not bear an answer while it still speaks. */
async function serve(proof: Proof, keys: readonly string[] = []): Promise<{ connection: SshConnection; far: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const far = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  const near = await new Promise<Socket>((resolve) => server.once('connection', resolve));
  server.close();
  const options = { hostKey: openSshHostKey(randomBytes(32)), proof, keys: () => keys, sftpProgram: null };
  return { connection: new SshConnection(near, options), far };
}

function client(far: Socket, authHandler: AuthenticationType[] | AuthHandlerMiddleware): ssh2.Client {
  const ssh = new ssh2.Client();
  ssh.on('error', () => undefined);
  ssh.connect({ sock: far, username: 'ann', readyTimeout: 0, authHandler });
  return ssh;
}

function newKey() {
  return ssh2.utils.generateKeyPairSync('ed25519');
}

describe('a connection of SSH', () => {
  it('is cut 60 s after its first byte where nobody has shown who they are', async () => {
    const { connection, far } = await serve('key');
    far.on('error', () => undefined);
    const { stream } = connection;
    vi.advanceTimersByTime(59_999);
    expect(stream.destroyed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(stream.destroyed).toBe(true);
  });

  it('stays after that for whoever has, by a ticket or by a key', async () => {
    const { private: key, public: shown } = newKey();
    const known = shown.split(' ').slice(0, 2).join(' ');
    const ways: [Proof, AuthenticationType[] | AuthHandlerMiddleware, string][] = [
      ['ticket', ['none'], ''],
      ['key', (_methods, _partial, next) => next({ type: 'publickey', username: 'ann', key }), known],
    ];
    for (const [proof, way, mark] of ways) {
      const { connection, far } = await serve(proof, [known]);
      const ssh = client(far, way);
      await once(ssh, 'ready');
      vi.advanceTimersByTime(24 * 3_600_000);
      expect([connection.shown, connection.stream.destroyed]).toEqual([mark, false]);
      connection.close();
    }
  });

  it('is cut at the 13th attempt', async () => {
    const { connection, far } = await serve('key');
    let attempts = 0;
    client(far, (_methods, _partial, next) => {
      attempts += 1;
      next({ type: 'publickey', username: 'ann', key: newKey().private });
    });
    await once(connection.stream, 'close');
    // the word that the 13th was refused may come before the cut: then a client makes ready for one more
    expect([13, 14]).toContain(attempts);
    expect(connection.shown).toBeNull();
  });
});
