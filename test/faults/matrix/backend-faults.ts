import type { HttpFault, HttpFaultProxy } from '../../tools/http-fault-proxy.js';
import type { Fault } from './arena.js';

const ANY = /./;
/** What changes something; to parse a text changes nothing. */
export const WRITES = /^(PUT|POST|DELETE) (?!\/v1\/jobs\/parse)/;
/** Longer than the first back-offs of a call, ms. */
const LASTS_MS = 20_000;

/** The backend meets some of the calls, at least one of them, with a fault. */
export function answering(proxy: HttpFaultProxy, fault: HttpFault, calls = ANY): Fault {
  return {
    strike: () => proxy.meet(({ method, path }) => (calls.test(`${method} ${path}`) ? fault : null)),
    lastsMs: LASTS_MS,
    heal: () => {
      if (proxy.met === 0) throw new Error('no call met the fault');
      proxy.meet(() => null);
    },
  };
}

/** What an orchestrator that answers over HTTP may do to its caller, by name. */
export function backendFaults(proxy: HttpFaultProxy): Readonly<Record<string, Fault>> {
  return {
    '403 to every call': answering(proxy, { status: 403, text: 'Permission denied' }),
    '403 to every write': answering(proxy, { status: 403, text: 'Permission denied' }, WRITES),
    '429 with Retry-After': answering(proxy, { status: 429, text: 'too many requests', retryAfterS: 3 }),
    '500 to every call': answering(proxy, { status: 500, text: 'rpc error: No cluster leader' }),
    '503 to every write': answering(proxy, { status: 503, text: 'try again' }, WRITES),
    'answers to writes lost after they were applied': answering(proxy, 'lose the answer', WRITES),
    'every answer lost': answering(proxy, 'lose the answer'),
    'streams cut twice': { strike: () => proxy.cut(), lastsMs: 3_000, heal: () => proxy.cut() },
  };
}
