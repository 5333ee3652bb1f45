import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** JSON calls over kept connections: one client for knot's API and for Nomad's, so that none pays for a slower one. */
export class Caller {
  private readonly agent: Agent;

  constructor(
    private readonly base: string,
    private readonly headers: Record<string, string>,
    connections = 64,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Any status is an answer; rejects where none comes. */
  send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const length = payload === undefined ? {} : { 'content-length': Buffer.byteLength(payload) };
    const type = payload === undefined ? {} : { 'content-type': 'application/json' };
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, this.base), {
        method,
        agent: this.agent,
        headers: { ...this.headers, ...type, ...length, ...headers },
        timeout: 60_000,
      });
      call.on('timeout', () => call.destroy(new Error(`${method} ${path} was not answered within 60 s`)));
      call.on('error', reject);
      call.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => (text += piece));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      call.end(payload);
    });
  }

  /** The answer's JSON; throws where the status is no success. */
  async json<T>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T> {
    const { status, text } = await this.send(method, path, body, headers);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text.slice(0, 500)}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  close(): void {
    this.agent.destroy();
  }
}
