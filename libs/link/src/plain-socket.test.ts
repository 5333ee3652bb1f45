import { duplexPair } from 'node:stream';
import { expect, it } from 'vitest';
import { plainSocket } from './plain-socket.js';

it('a stream that breaks while a socket is made for it ends nothing but its own', async () => {
  const [stream] = duplexPair();
  const making = plainSocket(stream);
  // as a WebSocket does that is sent what is no frame
  stream.destroy(new Error('rubbish came'));
  await expect(making).rejects.toMatchObject({ message: 'The connection ended as it was taken.' });
});

it('a stream and the socket that is made for it say the same, what came before they met too', async () => {
  const [stream, far] = duplexPair();
  far.write('early ');
  const socket = await plainSocket(stream);
  far.end('late');
  let heard = '';
  for await (const chunk of socket) heard += String(chunk);
  expect(heard).toBe('early late');
});
