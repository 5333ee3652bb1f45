import { createSocket } from 'node:dgram';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { LogRing } from './log-ring.js';
import { parseGelf, parseLoki, parseNative, parseSyslog } from './parse-log.js';

const LONGEST_BODY = 1024 * 1024;
const LONGEST_LINE = 64 * 1024;
const MOST_CONNECTIONS = 100;

export interface LogPorts {
  /** 0 = none. */
  readonly syslog: number;
  readonly api: number;
}

/**
 * Where programs of the space send what they have to say, on its loopback alone: syslog by UDP and TCP, GELF, Loki and
 * a plain post by HTTP. A port that cannot be had is told, and the agent goes on without it.
 */
export class LogSinks {
  private readonly closing: (() => void)[] = [];

  constructor(
    private readonly ring: LogRing,
    private readonly log: (sentence: string) => void,
  ) {}

  start({ syslog, api }: LogPorts): void {
    if (syslog !== 0) {
      this.listenUdp(syslog);
      this.listenTcp(syslog);
    }
    if (api !== 0) this.listenHttp(api);
  }

  close(): void {
    for (const close of this.closing.splice(0)) close();
  }

  private listenUdp(port: number): void {
    const socket = createSocket('udp4');
    socket.on('message', (message) => this.ring.add(parseSyslog(message.toString())));
    socket.on('error', (error) => this.missed(`syslog by UDP on ${port}`, error));
    socket.bind(port, '127.0.0.1');
    this.closing.push(() => socket.close());
  }

  private listenTcp(port: number): void {
    const server = createServer((socket) => this.readLines(socket));
    server.maxConnections = MOST_CONNECTIONS;
    server.on('error', (error) => this.missed(`syslog by TCP on ${port}`, error));
    server.listen(port, '127.0.0.1');
    this.closing.push(() => server.close());
  }

  /** One message a line; or, as RFC 6587 has it, each after its length. */
  private readLines(socket: Socket): void {
    let waiting = '';
    socket.on('error', () => socket.destroy());
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (waiting + chunk).split('\n');
      waiting = lines.pop() ?? '';
      for (const line of lines) if (line !== '') this.ring.add(parseSyslog(line.replace(/^\d+ (?=<)/, '')));
      if (waiting.length > LONGEST_LINE) socket.destroy();
    });
    socket.once('end', () => waiting !== '' && this.ring.add(parseSyslog(waiting.replace(/^\d+ (?=<)/, ''))));
  }

  private listenHttp(port: number): void {
    const server = createHttp({ requestTimeout: 10_000 }, (request, response) => this.post(request, response));
    server.maxConnections = MOST_CONNECTIONS;
    server.on('error', (error) => this.missed(`logs by HTTP on ${port}`, error));
    server.listen(port, '127.0.0.1');
    this.closing.push(() => void server.close().closeAllConnections());
  }

  private post(request: IncomingMessage, response: ServerResponse): void {
    let body = '';
    request.setEncoding('utf8');
    request.on('error', () => response.destroy());
    request.on('data', (chunk: string) => {
      body += chunk;
      if (body.length > LONGEST_BODY) response.writeHead(413, { connection: 'close' }).end(() => request.destroy());
    });
    request.on('end', () => {
      if (!response.headersSent) response.writeHead(this.take(request, body)).end();
    });
  }

  /** Answers the status. */
  private take({ method, url = '' }: IncomingMessage, body: string): number {
    if (method !== 'POST') return 405;
    switch (url.split('?')[0]) {
      case '/logs':
        return this.add(parseNative(body), 202);
      case '/gelf':
        return this.add(parseGelf(body), 202);
      case '/loki/api/v1/push':
        return this.add(parseLoki(body), 204);
      default:
        return 404;
    }
  }

  private add(said: ReturnType<typeof parseLoki> | ReturnType<typeof parseGelf>, status: number): number {
    if (!said) return 400;
    for (const line of [said].flat()) this.ring.add(line);
    return status;
  }

  private missed(what: string, error: Error): void {
    this.log(`No ${what}: ${error.message}`);
  }
}
