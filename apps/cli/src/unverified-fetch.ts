/**
 * `fetch` that takes any certificate. Node's fetch knows no such switch of its own, so the process's is turned on: only
 * for a command that is nothing but a client.
 */
export const unverifiedFetch: typeof fetch = (...args) => {
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  return globalThis.fetch(...args);
};
