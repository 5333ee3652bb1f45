import { startHttpFaultProxy, type HttpFault } from './http-fault-proxy.js';
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

/** Stands before a real API server and answers in its words when told to. */
export async function startKubeFaultProxy({ server, ca }: KubeAccess): Promise<KubeFaultProxy> {
  const proxy = await startHttpFaultProxy(server, ca);
  return {
    url: proxy.url,
    meet: (faultOf) => proxy.meet((request) => inWords(faultOf(request))),
    cutWatches: () => proxy.cut(),
    requests: () => [...proxy.requests],
    close: () => proxy.close(),
  };
}

function inWords(fault: Fault | null): HttpFault | null {
  if (fault === null || fault === 'lose the answer') return fault;
  const {
    status,
    message,
    retryAfter = 0,
  } = fault === 'expire' ? { status: 410, message: 'too old resource version' } : fault;
  const text = JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, code: status });
  return { status, text, type: 'application/json', retryAfterS: retryAfter };
}
