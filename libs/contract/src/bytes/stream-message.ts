import {
  decodeNumbered,
  encodeNumbered,
  isCount,
  isId,
  type Fields,
  type NumberedMessage,
} from './numbered-message.js';

/** What carries SSH between a client and the agent. */
export type StreamMessage = NumberedMessage<StreamControl>;

export type StreamControl =
  /** The client's first message: a stream it had before, else ''. `received` counts what came from the agent. */
  | { readonly say: 'open'; readonly stream: string; readonly received: number }
  /** The agent's first message. `received` counts what came from the client. */
  | { readonly say: 'opened'; readonly stream: string; readonly received: number }
  /** Nothing follows the first `at` bytes; its `ack` counts one more. */
  | { readonly say: 'end'; readonly at: number }
  /** There is no such stream, or none can be had; nothing follows. */
  | { readonly say: 'refused'; readonly message: string };

function encodeStreamMessage(message: StreamMessage): Uint8Array<ArrayBuffer> {
  return encodeNumbered(message);
}

/** How an end of a stream sends by a connection, message by message. */
export function streamCarrier(send: (message: Uint8Array<ArrayBuffer>) => void, close: () => void) {
  const control = (said: StreamControl) => send(encodeStreamMessage({ kind: 'control', control: said }));
  return {
    data: (at: number, bytes: Uint8Array) => send(encodeStreamMessage({ kind: 'data', at, bytes })),
    ack: (at: number) => send(encodeStreamMessage({ kind: 'ack', at })),
    end: (at: number) => control({ say: 'end', at }),
    control,
    close,
  };
}

/** An end of a stream, as far as it receives. */
export interface StreamEnd {
  gotData(at: number, bytes: Uint8Array): void;
  gotAck(at: number): void;
  gotEnd(at: number): void;
}

/** Gives an end what has come for it; words of opening are not for it. */
export function deliver(message: StreamMessage, end: StreamEnd): void {
  switch (message.kind) {
    case 'data':
      return end.gotData(message.at, message.bytes);
    case 'ack':
      return end.gotAck(message.at);
    case 'control':
      if (message.control.say === 'end') end.gotEnd(message.control.at);
  }
}

/** Null for anything else. The bytes of `data` are a view of those given. */
export function decodeStreamMessage(encoded: Uint8Array): StreamMessage | null {
  return decodeNumbered(encoded, parseControl);
}

function parseControl({ say, stream, received, at, message }: Fields): StreamControl | null {
  switch (say) {
    case 'open':
    case 'opened':
      return isId(stream) && isCount(received) ? { say, stream, received } : null;
    case 'end':
      return isCount(at) ? { say, at } : null;
    case 'refused':
      return typeof message === 'string' ? { say, message } : null;
    default:
      return null;
  }
}
