import { isKnotError, KnotError } from '@knot/shared/errors';
import { connectionError } from './connection-error.js';
import { problemOf, type SendPorts } from './send.js';

export interface DownloadPorts extends SendPorts {
  readonly headers: Readonly<Record<string, string>>;
}

/** Longest wait for the next piece, ms: the whole may take as long as it takes. */
const SILENCE_MS = 60_000;

/** The text of an answer of this media type that is too long to be held whole, piece by piece. Throws what `send` throws. */
export async function* download(ports: DownloadPorts, path: string, type: string): AsyncGenerator<string> {
  const { server, headers, clock } = ports;
  const dead = new AbortController();
  const silent = () => dead.abort(new KnotError('server.unavailable', `${server} fell silent`, 'Try again later.'));
  let timer = clock.setTimeout(silent, SILENCE_MS);
  let begun = false;
  try {
    const url = `${server.replace(/\/$/, '')}${path}`;
    const response = await ports.fetch(url, { headers: { ...headers }, redirect: 'manual', signal: dead.signal });
    const isFile = response.ok && (response.headers.get('content-type') ?? '').startsWith(type);
    if (!isFile || response.body === null) throw problemOf(response, await response.text(), server);
    const decoder = new TextDecoder();
    const body: AsyncIterable<Uint8Array> = response.body;
    begun = true;
    for await (const bytes of body) {
      clock.clearTimeout(timer);
      yield decoder.decode(bytes, { stream: true });
      timer = clock.setTimeout(silent, SILENCE_MS);
    }
  } catch (error) {
    if (!begun || isKnotError(error)) throw connectionError(server, error);
    throw new KnotError(
      'server.unavailable',
      `the connection to ${server} broke off`,
      'Try again.',
      {},
      { cause: error },
    );
  } finally {
    clock.clearTimeout(timer);
    dead.abort();
  }
}
