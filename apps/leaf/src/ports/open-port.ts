import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2';
import { KnotError, toKnotError } from '@knot/shared/errors';
import type { AgentSession } from '../agents/agent-session.js';

const AGENT_MS = 15_000;

/** A stream to a port of a space, once something there has taken it. Throws `server.unavailable` where nothing does. */
export function openPort(agent: AgentSession, headers: Readonly<Record<string, string>>): Promise<ClientHttp2Stream> {
  return answered(agent.open('/port', headers));
}

/** The stream, once the agent has said yes. */
export async function answered(stream: ClientHttp2Stream): Promise<ClientHttp2Stream> {
  stream.on('error', () => undefined);
  try {
    const status = await new Promise<unknown>((resolve, reject) => {
      stream.once('response', (headers: IncomingHttpHeaders) => resolve(headers[':status']));
      stream.once('error', reject);
      stream.once('close', () => reject(new Error('closed')));
      stream.setTimeout(AGENT_MS, () => reject(new Error('no answer in time')));
    });
    stream.setTimeout(0);
    if (status === 200) return stream;
    const message =
      status === 404 ? 'The space does not offer this.' : 'Nothing listens on this port of the space now.';
    throw new KnotError('server.unavailable', message);
  } catch (error) {
    stream.close();
    throw toKnotError(error);
  }
}
