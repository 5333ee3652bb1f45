import { Buffer } from 'node:buffer';
import ssh2 from 'ssh2';
import { KnotError } from '@knot/shared/errors';
import type { Client } from '../client/open-client.js';
import { openSpaceStream } from './space-stream.js';

const READY_MS = 60_000;
const FAREWELL_MS = 5_000;

/** Does something over SSH to a space, by a ticket alone, and lets go of it whatever comes; the signal says that it is over. */
export async function overSsh<T>(
  client: Client,
  space: string,
  deed: (ssh: ssh2.Client, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { stream, hostKey } = await openSpaceStream(client, space, 'run');
  const ssh = new ssh2.Client();
  const over = new AbortController();
  const lost = new Promise<never>((_, reject) => {
    stream.on('error', reject);
    ssh.on('error', (error) => reject(new KnotError('server.unavailable', `SSH says: ${error.message}.`)));
    ssh.once('close', () => reject(new KnotError('server.unavailable', 'The connection to the space was closed.')));
  });
  // it may come when nobody waits any more
  lost.catch(() => undefined);
  const ready = new Promise<void>((resolve) => ssh.once('ready', resolve));
  ssh.connect({
    sock: stream,
    username: 'knot',
    readyTimeout: READY_MS,
    hostVerifier: (shown: Buffer) => shown.toString('base64') === hostKey.split(' ')[1],
    algorithms: { cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'] },
  });
  try {
    await Promise.race([ready, lost]);
    return await Promise.race([lost, deed(ssh, over.signal)]);
  } catch (error) {
    over.abort(error);
    throw error;
  } finally {
    ssh.end();
    // where nobody answers the farewell
    setTimeout(() => stream.destroy(), FAREWELL_MS).unref();
  }
}
