import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** What proxies add. One on this machine that is not trusted must not make a stranger look like a neighbour. */
const FORWARDING = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'];

/** Whether a program of this very machine asks, with nobody in between. */
export function isOnMachine({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  return isLoopback(socket.remoteAddress ?? '') && !FORWARDING.some((name) => headers[name] !== undefined);
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return isIP(plain) === 4 ? plain.startsWith('127.') : plain === '::1';
}
