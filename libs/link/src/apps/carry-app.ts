import { request as httpRequest, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline, type Duplex } from 'node:stream';
import { requestHeaders, responseHeaders, type RequestChange } from './app-headers.js';
import { gather } from '../gather.js';
import { pathWithin } from './app-request.js';
import { closeFrame, FrameBoundary } from './frame-boundary.js';
import { refuse } from './refusal.js';

/** Told to a WebSocket whose app can no longer be reached: the client comes back by itself. */
const SERVICE_RESTART = 1012;
/** A client that does not take the farewell is cut. */
const FAREWELL_MS = 2_000;
const NO_ANSWER = 'The app of this space gave no answer of HTTP.';
const NO_ANSWER_REFUSAL = { status: 502, code: 'server.unavailable', text: NO_ANSWER };

/**
 * Carries one request to an app over a connection of its own, and its answer back, both streamed: neither side is read
 * faster than the other takes. Resolves when it is over, whoever ended it.
 */
export function carryRequest(
  request: IncomingMessage,
  response: ServerResponse,
  app: Duplex,
  change: RequestChange,
): Promise<void> {
  return new Promise((resolve) => {
    const sent = sendOn(request, app, change, bodyHeaders(request));
    const end = () => {
      sent.destroy();
      app.destroy();
      resolve();
    };
    sent.on('response', (answer) => {
      // its close may not have been told yet, and what is joined to it now would throw where nobody catches it
      if (response.destroyed) return end();
      try {
        response.writeHead(
          answer.statusCode ?? 502,
          answer.statusMessage ?? '',
          answerHeaders(answer, request, change),
        );
      } catch {
        // no code or words that HTTP has: Node reads them and would not write them
        response.statusMessage = '';
        return refuse(request, response, NO_ANSWER_REFUSAL);
      }
      response.flushHeaders();
      if (response.socket) gather(answer, response.socket);
      pipeline(answer, response, () => undefined);
    });
    // an upgrade that nobody asked for is no answer, and Node tells of no error there
    sent.once('close', () => {
      if (!response.headersSent && !response.destroyed) refuse(request, response, NO_ANSWER_REFUSAL);
    });
    sent.on('error', () => {
      if (response.headersSent) response.destroy();
      else refuse(request, response, NO_ANSWER_REFUSAL);
    });
    response.once('close', end);
    request.on('error', end);
    // whoever has gone while the app was dialled says so no more
    if (response.destroyed) return end();
    pipeline(request, sent, () => undefined);
  });
}

/** The same for a request that wants another protocol, a WebSocket above all. */
export function carryUpgrade(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  app: Duplex,
  change: RequestChange,
): Promise<void> {
  return new Promise((resolve) => {
    const upgrade = ['Connection', 'Upgrade', 'Upgrade', request.headers.upgrade ?? ''];
    const sent = sendOn(request, app, change, upgrade);
    const end = () => {
      sent.destroy();
      app.destroy();
      resolve();
    };
    client.once('close', end);
    let answered = false;
    sent.on('upgrade', (answer, _socket, first) => {
      if (client.destroyed) return end();
      answered = true;
      const headers = [...answerHeaders(answer, request, change), 'Connection', 'Upgrade'];
      headers.push('Upgrade', answer.headers.upgrade ?? '');
      client.write(`HTTP/1.1 101 Switching Protocols\r\n${linesOf(headers)}\r\n`);
      joinUpgraded(client, head, app, first, /websocket/i.test(answer.headers.upgrade ?? ''));
    });
    sent.on('response', (answer) => {
      if (client.destroyed) return end();
      answered = true;
      const lines = linesOf([...answerHeaders(answer, request, change), 'Connection', 'close']);
      client.write(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${lines}\r\n`);
      pipeline(answer, client, () => client.destroy());
    });
    sent.on('error', () => {
      if (!answered) client.end(`HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n${NO_ANSWER}\n`);
    });
    // whoever has gone while the app was dialled says so no more
    if (client.destroyed) return end();
    sent.end();
  });
}

function sendOn(request: IncomingMessage, app: Duplex, change: RequestChange, more: readonly string[]): ClientRequest {
  const { method, url, rawHeaders } = request;
  const headers = [...requestHeaders(rawHeaders, change), ...more];
  return httpRequest({ method, path: pathWithin(change.base, url), headers, createConnection: () => app });
}

/** How the body was told to be framed; a length beside chunks never comes this far. */
function bodyHeaders({ headers }: IncomingMessage): string[] {
  const framing = headers['transfer-encoding'] === undefined ? [] : ['Transfer-Encoding', 'chunked'];
  return [...framing, 'Connection', 'close'];
}

function answerHeaders(answer: IncomingMessage, { headers }: IncomingMessage, change: RequestChange): string[] {
  return responseHeaders(answer.rawHeaders, change, headers.host ?? '');
}

/** Both ways until one ends. A WebSocket whose app goes without a farewell is told to come back. */
function joinUpgraded(client: Duplex, clientFirst: Buffer, app: Duplex, appFirst: Buffer, webSocket: boolean): void {
  const boundary = new FrameBoundary();
  gather(app, client);
  app.on('data', (chunk: Buffer) => {
    if (webSocket) boundary.take(chunk);
    if (!client.write(chunk)) app.pause();
  });
  client.on('drain', () => app.resume());
  if (appFirst.length > 0) app.unshift(appFirst);
  if (clientFirst.length > 0) app.write(clientFirst);
  const end = () => {
    if (client.writableEnded || client.destroyed) return;
    if (webSocket && boundary.between && !boundary.sawClose) client.write(closeFrame(SERVICE_RESTART));
    client.end();
    setTimeout(() => client.destroy(), FAREWELL_MS).unref();
  };
  app.on('error', end);
  app.once('end', end);
  app.once('close', end);
  client.pipe(app);
  app.resume();
}

function linesOf(headers: readonly string[]): string {
  return headers.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
}
