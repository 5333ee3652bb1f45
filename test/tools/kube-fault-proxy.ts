import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { KubeAccess } from './kube-client.js';

/** What happens to a request instead of being passed on. */
export type Fault =
  /** Answered so, and never seen by the API server. */
  | { readonly status: number; readonly message: string; readonly retryAfter?: number }
  /** Done by the API server, whose answer never comes back. */
  | 'lose the answer'
  /** A watch that the server says is too old to go on from. */
  | 'expire';

export interface KubeFaultProxy {
  /** http: for it the kubeconfig skips verification. */
  readonly url: string;
  /** Tells the fault of each request from now on; null for none. */
  meet(fault: (request: { readonly method: string; readonly path: string }) => Fault | null): void;
  /** Ends every answer that still goes on. */
  cutWatches(): void;
  /** Requests seen since the start. */
  requests(): readonly string[];
  close(): void;
}

/** Stands before a real API server and answers in its place when told to. */
export async function startKubeFaultProxy({ server, ca }: KubeAccess): Promise<KubeFaultProxy> {
  const agent = new Agent({ keepAlive: true, ca });
  let faultOf: Parameters<KubeFaultProxy['meet']>[0] = () => null;
  const seen: string[] = [];
  const watches = new Set<ServerResponse>();
  const proxy = createServer((near, answer) => {
    const { method = 'GET', url: path = '/' } = near;
    seen.push(`${method} ${path}`);
    const fault = faultOf({ method, path });
    if (fault === null || fault === 'lose the answer') return carry(near, answer, fault !== null);
    near.resume();
    if (fault === 'expire') return refuse(answer, 410, 'too old resource version');
    refuse(answer, fault.status, fault.message, fault.retryAfter);
  });

  function carry(near: IncomingMessage, answer: ServerResponse, lose: boolean): void {
    const { method, url = '/', headers } = near;
    const onward = request(`${server}${url}`, { method, agent, headers: { ...headers, host: new URL(server).host } });
    near.pipe(onward);
    onward.on('error', () => answer.destroy());
    if (url.includes('watch=true')) watches.add(answer);
    answer.on('close', () => {
      watches.delete(answer);
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
  const { port } = proxy.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    meet: (fault) => void (faultOf = fault),
    cutWatches: () => watches.forEach((answer) => answer.destroy()),
    requests: () => [...seen],
    close() {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}

function refuse(answer: ServerResponse, status: number, message: string, retryAfter = 0): void {
  const body = JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code: status });
  answer.setHeader('content-type', 'application/json');
  if (retryAfter > 0) answer.setHeader('retry-after', retryAfter);
  answer.writeHead(status).end(body);
}
