import {
  fromBinary,
  toBinary,
  type DescMessage,
  type DescMethod,
  type DescService,
  type Message,
  type MessageShape,
} from '@bufbuild/protobuf';
import {
  Metadata,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type MethodDefinition,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { toGrpcStatus } from './grpc-errors.js';
import { resetStream } from './reset-stream.js';

/** A service of the .proto as grpc-js wants it. Unknown fields survive. */
export function serviceDefinition(service: DescService): ServiceDefinition {
  return Object.fromEntries(service.methods.map((method) => [method.localName, methodDefinition(method)]));
}

export function methodDefinition<I extends DescMessage, O extends DescMessage>(
  method: DescMethod & { readonly input: I; readonly output: O },
): MethodDefinition<MessageShape<I>, MessageShape<O>> {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: (value) => Buffer.from(toBinary(method.input, value)),
    requestDeserialize: (bytes) => fromBinary(method.input, bytes),
    responseSerialize: (value) => Buffer.from(toBinary(method.output, value)),
    responseDeserialize: (bytes) => fromBinary(method.output, bytes),
  };
}

export interface ServerCall {
  /** Bearer of the `authorization` metadata; '' when there is none. */
  readonly credential: string;
  readonly address: string;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
}

export type UnaryHandler<I extends Message> = (request: I, call: ServerCall) => Promise<Message>;
export type StreamHandler<I extends Message> = (request: I, call: ServerCall) => AsyncIterable<Message>;

/** How long one message may wait for its reader before that is given up, ms. */
const STUCK_MS = 10_000;

export function unary<I extends Message>(handler: UnaryHandler<I>): handleUnaryCall<I, Message> {
  return (call, callback) => {
    handler(call.request, serverCall(call)).then(
      (response) => callback(null, response),
      (error: unknown) => callback(toGrpcStatus(error)),
    );
  };
}

export interface StreamOptions {
  /** 10 s unless given, ms. */
  readonly stuckMs?: number;
  /** Told of each reader that was given up. */
  readonly onStuck?: () => void;
}

/**
 * A server stream that asks for the next message once the one before is on its way: nothing piles up for a slow reader,
 * and one that takes nothing for 10 s is cut. It may come again.
 */
export function streaming<I extends Message>(
  handler: StreamHandler<I>,
  { stuckMs = STUCK_MS, onStuck = () => undefined }: StreamOptions = {},
): handleServerStreamingCall<I, Message> {
  return (call) => {
    void pump(handler(call.request, serverCall(call)), call, stuckMs, onStuck);
  };
}

async function pump<I extends Message>(
  messages: AsyncIterable<Message>,
  call: ServerWritableStream<I, Message>,
  stuckMs: number,
  onStuck: () => void,
): Promise<void> {
  try {
    for await (const message of messages) {
      if (call.cancelled) return;
      if (await sent(call, message, stuckMs)) continue;
      if (!call.cancelled) onStuck();
      return resetStream(call);
    }
    call.end();
  } catch (error) {
    call.emit('error', toGrpcStatus(error));
  }
}

/** Answers false when the reader has not made room in time, or is gone. */
function sent<I extends Message>(
  call: ServerWritableStream<I, Message>,
  message: Message,
  stuckMs: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (isSent: boolean) => {
      clearTimeout(timer);
      call.removeListener('cancelled', onCancelled);
      resolve(isSent);
    };
    const onCancelled = () => done(false);
    const timer = setTimeout(onCancelled, stuckMs);
    call.once('cancelled', onCancelled);
    call.write(message, (error?: Error | null) => done(!error));
  });
}

function serverCall<I extends Message>(
  call: ServerUnaryCall<I, Message> | ServerWritableStream<I, Message>,
): ServerCall {
  const bearer = /^Bearer (.+)$/i.exec(String(call.metadata.get('authorization')[0] ?? ''));
  let abort: AbortController | null = null;
  return {
    credential: bearer?.[1] ?? '',
    address: call.getPeer(),
    // most handlers never ask for it
    get signal() {
      if (abort === null) {
        const gone = new AbortController();
        const leave = () => gone.abort(new Error('the caller is gone'));
        if (call.cancelled) leave();
        else call.once('cancelled', leave);
        abort = gone;
      }
      return abort.signal;
    },
  };
}

export function bearerMetadata(credential: string): Metadata {
  const metadata = new Metadata();
  if (credential !== '') metadata.set('authorization', `Bearer ${credential}`);
  return metadata;
}
