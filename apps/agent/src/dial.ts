import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { AGENT_PROTOCOL, AGENT_SERVER_NAME, LONGEST_JOIN_LINE, parseJoinAnswer, type JoinAnswer } from '@knot/contract';
import { readLine, writeAll } from '@knot/link/streams';
import { KnotError } from '@knot/shared/errors';
import type { AgentTarget } from './endpoint.js';
import type { AgentSettings } from './settings.js';

const DIAL_MS = 15_000;

export interface Joining extends Pick<AgentSettings, 'endpoint' | 'space' | 'secret' | 'ca'> {
  /** One after the other is dialled until one answers. */
  readonly targets: readonly AgentTarget[];
  readonly version: string;
  /** uuid of this run of the agent. */
  readonly instance: string;
  readonly credential: string;
}

export interface Joined {
  /** Carries HTTP/2 from here on; this end is the server. */
  readonly socket: TLSSocket;
  readonly credential: string;
}

export class JoinRefused extends Error {
  constructor(readonly answer: Extract<JoinAnswer, { joined: false }>) {
    super(answer.message);
  }
}

/** Dials the leaf and joins. Throws JoinRefused where it says no, `server.unavailable` where it does not answer. */
export async function dial(joining: Joining): Promise<Joined> {
  let trouble: unknown;
  for (const target of joining.targets) {
    try {
      return await dialOne(target, joining);
    } catch (error) {
      if (error instanceof JoinRefused) throw error;
      trouble ??= error;
    }
  }
  throw trouble;
}

async function dialOne({ host, port }: AgentTarget, joining: Joining): Promise<Joined> {
  const socket = connect({ host, port, ca: joining.ca, servername: AGENT_SERVER_NAME, minVersion: 'TLSv1.3' });
  socket.setNoDelay(true);
  // while it joins nobody else listens for one, and an error that nobody takes ends the agent with all that runs in it
  socket.on('error', () => undefined);
  const timer = setTimeout(() => socket.destroy(new Error('no answer in time')), DIAL_MS);
  try {
    await once(socket, 'secureConnect');
    return { socket, credential: await join(socket, joining) };
  } catch (error) {
    socket.destroy();
    if (error instanceof JoinRefused) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new KnotError('server.unavailable', `${joining.endpoint} does not answer: ${why}`);
  } finally {
    clearTimeout(timer);
  }
}

async function join(socket: TLSSocket, { space, instance, secret, credential, version }: Joining): Promise<string> {
  const request = { protocol: AGENT_PROTOCOL, version, space, instance, secret, credential };
  await writeAll(socket, `${JSON.stringify(request)}\n`);
  const answer = parseJoinAnswer(await readLine(socket, LONGEST_JOIN_LINE));
  if (!answer) throw new Error('it is no leaf of knot');
  if (!answer.joined) throw new JoinRefused(answer);
  await writeAll(socket, 'ready\n');
  return answer.credential;
}
