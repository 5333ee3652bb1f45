// The floors of fan-out, relist, reconnect and bytes: grpc-js, TLS and TCP with nothing of ours, in a process of its own.
//   node raw-server.mjs fan-out <port> <changes per second> <bytes>     one message to one of its open streams in turn
//   node raw-server.mjs pages <port> <messages> <bytes>                 a stream of that many messages to whoever asks
//   node raw-server.mjs tls <port> <certificate> <key>                  takes TLS connections and answers each byte
//   node raw-server.mjs relay <port> <port behind it>                   carries TCP connections on
import { readFileSync } from 'node:fs';
import { connect, createServer as createTcpServer } from 'node:net';
import { createServer } from 'node:tls';
import { Server, ServerCredentials } from '@grpc/grpc-js';

const [mode = '', port = '', first = '', second = ''] = process.argv.slice(2);
const whole = (bytes) => bytes;
const method = {
  path: '/raw/Stream',
  requestStream: false,
  responseStream: true,
  requestSerialize: whole,
  requestDeserialize: whole,
  responseSerialize: whole,
  responseDeserialize: whole,
};

async function serve(stream) {
  const server = new Server();
  server.addService({ stream: method }, { stream });
  await new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(undefined),
    );
  });
}

if (mode === 'fan-out') {
  const open = [];
  await serve((call) => open.push(call));
  const message = Buffer.alloc(Number(second), 1);
  let turn = 0;
  setInterval(() => open[(turn += 1) % Math.max(1, open.length)]?.write(message), 1_000 / Number(first));
} else if (mode === 'pages') {
  await serve(async (call) => {
    for (let sent = 0; sent < Number(first); sent += 1) {
      if (!call.write(Buffer.alloc(Number(second), 1))) await new Promise((resolve) => call.once('drain', resolve));
    }
    call.end();
  });
} else if (mode === 'relay') {
  const server = createTcpServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const behind = connect({ port: Number(first), host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ]) {
      one.on('error', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise((resolve) => server.listen(Number(port), '127.0.0.1', () => resolve(undefined)));
} else {
  const server = createServer({ cert: readFileSync(first), key: readFileSync(second) }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => socket.write(bytes));
  });
  await new Promise((resolve) => server.listen(Number(port), '127.0.0.1', () => resolve(undefined)));
}
process.stdout.write('listening\n');
