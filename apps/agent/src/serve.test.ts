import { once } from 'node:events';
import { connect, type ServerHttp2Stream } from 'node:http2';
import { duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { serveLeaf, type Routes } from './serve.js';

it('a stream that cannot be served ends alone, also one that was given up before it was looked at', async () => {
  const [agentEnd, leafEnd] = duplexPair();
  const routes: Routes = new Map([
    ['/echo', (stream: ServerHttp2Stream) => void stream.pipe(stream)],
    [
      '/late',
      (stream: ServerHttp2Stream) => {
        stream.close();
        // as where the reset came along with the request
        stream.respond({ ':status': 200 });
      },
    ],
  ]);
  void serveLeaf(agentEnd, routes);
  const leaf = connect('http://agent', { createConnection: () => leafEnd });
  const ask = (path: string) => leaf.request({ ':method': 'POST', ':path': path });
  const echo = ask('/echo');
  const late = ask('/late');
  late.on('error', () => undefined);
  await once(late, 'close');
  echo.end('still here');
  expect(await text(echo)).toBe('still here');
  leaf.destroy();
});
