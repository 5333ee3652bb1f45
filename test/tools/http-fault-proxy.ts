import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What happens to a request instead of being passed on. */
export type HttpFault =
  /** Answered so, and never seen by the server. */
  | { readonly status: number; readonly text: string; readonly type?: string; readonly retryAfterS?: number }
  /** Done by the server, whose answer never comes back. */
  | 'lose the answer';

export interface HttpFaultProxy {
  readonly url: string;
  /** Tells the fault of each request from now on; null for none. */
  meet(fault: (request: { readonly method: string; readonly path: string }) => HttpFault | null): void;
  /** How many met one since the last `meet`. */
  readonly met: number;
  /** Method and path of all requests since the start. */
  readonly requests: readonly string[];
  /** Ends every answer that still goes on: streams and blocking queries. */
  cut(): void;
  close(): void;
}

/** Stands before a real server that speaks HTTP, or HTTPS by that authority, and answers in its place when told to. */
export async function startHttpFaultProxy(target: string, ca?: string): Promise<HttpFaultProxy> {
  const { host } = new URL(target);
  const agent = ca === undefined ? new Agent({ keepAlive: true }) : new SecureAgent({ keepAlive: true, ca });
  const send = ca === undefined ? request : secureRequest;
  const requests: string[] = [];
  let faultOf: Parameters<HttpFaultProxy['meet']>[0] = () => null;
  let met = 0;
  const open = new Set<ServerResponse>();
  const proxy = createServer((near, answer) => {
    const { method = 'GET', url: path = '/' } = near;
    requests.push(`${method} ${path}`);
    const fault = faultOf({ method, path });
    if (fault !== null) met += 1;
    if (fault === null || fault === 'lose the answer') return carry(near, answer, fault !== null);
    near.resume();
    if (fault.retryAfterS) answer.setHeader('retry-after', fault.retryAfterS);
    answer.writeHead(fault.status, { 'content-type': fault.type ?? 'text/plain' }).end(fault.text);
  });

  function carry(near: IncomingMessage, answer: ServerResponse, lose: boolean): void {
    open.add(answer);
    const { method, headers } = near;
    const onward = send(new URL(near.url ?? '/', target), { method, agent, headers: { ...headers, host } });
    near.pipe(onward);
    onward.on('error', () => answer.destroy());
    answer.on('close', () => {
      open.delete(answer);
      onward.destroy();
    });
    onward.on('response', (far) => {
      if (lose) return far.resume().on('end', () => answer.destroy());
      answer.writeHead(far.statusCode ?? 500, far.headers);
      answer.flushHeaders();
      return far.pipe(answer);
    });
  }

  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    requests,
    meet(fault) {
      faultOf = fault;
      met = 0;
    },
    get met() {
      return met;
    },
    cut: () => open.forEach((answer) => answer.destroy()),
    close() {
      proxy.close();
      proxy.closeAllConnections();
      agent.destroy();
    },
  };
}
