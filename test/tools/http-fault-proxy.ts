import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a request instead of being passed on. */
export type HttpFault =
  /** Answered so, and never seen by the server. */
  | { readonly status: number; readonly text: string; readonly retryAfterS?: number }
  /** Done by the server, whose answer never comes back. */
  | 'lose the answer';

export interface HttpFaultProxy {
  readonly url: string;
  /** Tells the fault of each request from now on; null for none. */
  meet(fault: (request: { readonly method: string; readonly path: string }) => HttpFault | null): void;
  /** How many met one since the last `meet`. */
  readonly met: number;
  /** Ends every answer that still goes on: streams and blocking queries. */
  cut(): void;
  close(): void;
}

/** Stands before a real server that speaks HTTP and answers in its place when told to. */
export async function startHttpFaultProxy(target: string): Promise<HttpFaultProxy> {
  let faultOf: Parameters<HttpFaultProxy['meet']>[0] = () => null;
  let met = 0;
  const open = new Set<ServerResponse>();
  const proxy = createServer((near, answer) => {
    const fault = faultOf({ method: near.method ?? 'GET', path: near.url ?? '/' });
    if (fault !== null) met += 1;
    if (fault === null || fault === 'lose the answer') return carry(near, answer, fault !== null);
    near.resume();
    if (fault.retryAfterS) answer.setHeader('retry-after', fault.retryAfterS);
    answer.writeHead(fault.status, { 'content-type': 'text/plain' }).end(fault.text);
  });

  function carry(near: IncomingMessage, answer: ServerResponse, lose: boolean): void {
    open.add(answer);
    const { method, headers } = near;
    const onward = request(new URL(near.url ?? '/', target), { method, headers });
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
    },
  };
}
