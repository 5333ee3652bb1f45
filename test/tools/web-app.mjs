// A web app as a space has one: a page with a WebSocket, events, and what it was sent. PORT and BACK are in the environment.
import { createCipheriv, createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import http from 'node:http';
import { WebSocketServer } from 'ws';

const PAGE = `<!doctype html><title>app</title><h1>The app</h1><pre id="log"></pre>
<script>
  const log = (text) => (document.querySelector('#log').textContent += text + '\\n');
  const open = () => {
    const socket = new WebSocket(new URL('socket', location.href.replace('http', 'ws')), ['chat.1']);
    socket.onopen = () => socket.send('hello');
    socket.onmessage = ({ data }) => log('said ' + data);
    socket.onclose = ({ code }) => { log('closed ' + code); setTimeout(open, 500); };
  };
  open();
  new EventSource('events').onmessage = ({ data }) => log('event ' + data);
  fetch('headers').then((answer) => answer.text()).then((text) => log('headers ' + text));
</script>`;

const server = http.createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://app');
  if (url.pathname === '/headers') {
    return response
      .setHeader('set-cookie', 'mine=1; Domain=knot-apps.test; Path=/')
      .end(JSON.stringify(request.rawHeaders));
  }
  if (url.pathname === '/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: first\n\n');
    const timer = setInterval(() => response.write('data: later\n\n'), 500);
    return response.on('close', () => clearInterval(timer));
  }
  if (url.pathname === '/upload') {
    const hash = createHash('sha256');
    let bytes = 0;
    request.on('data', (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
    });
    return request.on('end', () => response.end(JSON.stringify({ bytes, sha256: hash.digest('hex') })));
  }
  if (url.pathname === '/noise') {
    // each byte of it another one, and the same each time
    const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
    const zeros = Buffer.alloc(65_536);
    const pieces = function* () {
      for (let left = Number(url.searchParams.get('bytes')); left > 0; left -= zeros.length) yield cipher.update(zeros);
    };
    return Readable.from(pieces()).pipe(response);
  }
  if (url.pathname === '/download') {
    let left = Number(url.searchParams.get('bytes'));
    let sent = 0;
    const piece = Buffer.alloc(65_536, 7);
    const more = () => {
      while (left > 0) {
        left -= piece.length;
        sent += piece.length;
        const every = Number(url.searchParams.get('every'));
        if (!response.write(piece)) return response.once('drain', more);
        if (every > 0) return setTimeout(more, every);
      }
      return response.end();
    };
    server.sent = () => sent;
    return more();
  }
  if (url.pathname === '/sent') return response.end(String(server.sent?.() ?? 0));
  response.setHeader('content-type', 'text/html').end(url.pathname === '/' ? PAGE : `at ${request.url}`);
});

new WebSocketServer({ server, path: '/socket', handleProtocols: () => 'chat.1' }).on('connection', (socket) => {
  socket.on('error', () => undefined);
  socket.on('message', (data, isBinary) => socket.send(isBinary ? data : `back ${data}`));
});
server.listen(Number(process.env.PORT), '127.0.0.1');
