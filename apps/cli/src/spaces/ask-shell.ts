import {
  decodeTerminalMessage,
  encodeTerminalMessage,
  TERMINAL_PROTOCOL,
  TICKET_PROTOCOL,
  type TerminalMessage,
} from '@knot/contract';
import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { Space } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';

/** How long a shell may take to answer, ms. */
const ANSWER_MS = 30_000;
const SIZE = { columns: 80, rows: 24 };

/**
 * Opens a terminal of a running space, lets its shell calculate and waits for the result. Throws
 * `server.unavailable` when the way there does not open, or nothing that fits comes back.
 */
export async function askShell(client: Client, { id, name }: Pick<Space, 'id' | 'name'>): Promise<void> {
  const { clock, random, webSocket: Socket } = client.context;
  const params = { path: { id } };
  const { ticket, path } = await answer(
    client.api.POST('/api/v1/spaces/{id}/tickets', { params, body: { action: 'terminal' } }),
  );
  const address = new URL(path, client.server);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new Socket(address, [TERMINAL_PROTOCOL, `${TICKET_PROTOCOL}${ticket}`]);
  socket.binaryType = 'arraybuffer';
  const send = (message: TerminalMessage) => socket.send(encodeTerminalMessage(message));
  const [left = 0, right = 0] = [...random(2)].map((byte) => 1_000 + byte);
  let shown = '';
  try {
    await new Promise<void>((resolve, reject) => {
      const refuse = (why: string) => {
        const hint = `\`knot spaces show ${name}\` says whether its agent is connected.`;
        reject(new KnotError('server.unavailable', `the terminal of ${name} ${why}`, hint));
      };
      const timer = clock.setTimeout(() => refuse('does not answer'), ANSWER_MS);
      socket.onopen = () =>
        send({ kind: 'control', control: { say: 'open', terminal: '', create: '', received: 0, size: SIZE } });
      socket.onclose = () => {
        clock.clearTimeout(timer);
        refuse('was closed');
      };
      socket.onmessage = ({ data }) => {
        const message = data instanceof ArrayBuffer ? decodeTerminalMessage(new Uint8Array(data)) : null;
        if (message?.kind === 'control' && message.control.say === 'refused')
          refuse(`says: ${message.control.message}`);
        if (message?.kind === 'control' && message.control.say === 'opened') {
          send({ kind: 'data', at: 0, bytes: new TextEncoder().encode(`echo =$((${left}+${right}))=\r`) });
        }
        if (message?.kind !== 'data') return;
        shown += new TextDecoder().decode(message.bytes);
        if (!shown.includes(`=${left + right}=`)) return;
        clock.clearTimeout(timer);
        resolve();
      };
    });
    send({ kind: 'control', control: { say: 'close' } });
  } finally {
    socket.onclose = null;
    socket.close();
  }
}
