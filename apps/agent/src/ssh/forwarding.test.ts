import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { forward } from './forwarding.js';

it('a connection to what does not answer in time is refused, so that nobody waits for it for ever', async () => {
  const socket = new Socket();
  await new Promise<void>((refused, reject) => {
    const accept = () => {
      reject(new Error('it was taken'));
      throw new Error('never');
    };
    forward(socket, accept, refused);
    socket.emit('timeout');
  });
  expect(socket.destroyed).toBe(true);
});
