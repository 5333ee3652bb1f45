import type { DescMessage, DescMethodServerStreaming, DescMethodUnary, MessageShape } from '@bufbuild/protobuf';
import { ChannelCredentials, Client, credentials, type ClientOptions } from '@grpc/grpc-js';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { KnotError } from '@knot/shared/errors';
import { connectionTrouble } from './connection-trouble.js';
import { fromGrpcError } from './grpc-errors.js';
import { bearerMetadata, methodDefinition } from './grpc-service.js';
import { pinnedCertificate } from './pinned-certificate.js';

export interface GrpcTarget {
  readonly host: string;
  /** What its certificate names; the host unless given. */
  readonly name?: string;
  readonly port: number;
  readonly tls: boolean;
  /** PEM trusted beside the system's; '' for none. */
  readonly ca: string;
  /** sha256 of the one certificate to trust, hex with or without colons; '' to verify by authority. */
  readonly fingerprint: string;
}

export interface UnaryCall {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  readonly credential: string;
}

const OPTIONS: ClientOptions = {
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  'grpc.keepalive_permit_without_calls': 1,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 5_000,
  // A client that is opened anew gets a connection of its own, never one that hangs half made.
  'grpc.use_local_subchannel_pool': 1,
  // Books that nobody reads; and where an origin is, its name alone tells.
  'grpc.enable_channelz': 0,
  'grpc.service_config_disable_resolution': 1,
};

/** A channel to one origin. Throws `server.unavailable` when a pinned certificate cannot be fetched or differs. */
export async function openGrpcClient(target: GrpcTarget): Promise<GrpcClient> {
  const at = hostAndPort(target);
  const named = target.name === undefined || isIP(target.name) !== 0 ? {} : nameOptions(target.name);
  return new GrpcClient(new Client(at, await channelCredentials(target), { ...OPTIONS, ...named }), at);
}

function nameOptions(name: string): ClientOptions {
  return { 'grpc.ssl_target_name_override': name, 'grpc.default_authority': name };
}

async function channelCredentials(target: GrpcTarget): Promise<ChannelCredentials> {
  if (!target.tls) return credentials.createInsecure();
  if (target.fingerprint !== '') {
    const pem = await pinnedCertificate(target.host, target.port, target.fingerprint);
    // That one certificate is the anchor, whoever has signed it.
    const context = createSecureContext({ ca: pem, allowPartialTrustChain: true });
    return ChannelCredentials.createFromSecureContext(context, { checkServerIdentity: () => undefined });
  }
  return credentials.createSsl(target.ca === '' ? null : Buffer.from(target.ca));
}

function hostAndPort({ host, port }: GrpcTarget): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

export class GrpcClient {
  constructor(
    private readonly client: Client,
    /** host:port, for sentences */
    private readonly at: string,
  ) {}

  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    call: UnaryCall,
  ): Promise<MessageShape<O>> {
    const { path, requestSerialize, responseDeserialize } = methodDefinition(method);
    return new Promise((resolve, reject) => {
      const onAbort = () => running.cancel();
      const running = this.client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        bearerMetadata(call.credential),
        { deadline: Date.now() + call.deadlineMs },
        (error, response) => {
          call.signal.removeEventListener('abort', onAbort);
          if (error && call.signal.aborted) reject(connectionTrouble('ETIMEDOUT', this.at));
          else if (error) reject(fromGrpcError(error, this.at));
          else if (response) resolve(response);
          else reject(new KnotError('server.unavailable', 'The answer was empty'));
        },
      );
      call.signal.addEventListener('abort', onAbort, { once: true });
      if (call.signal.aborted) onAbort();
    });
  }

  /** Ends when the stream ends, throws when it breaks; the reader's pace holds the sender back. */
  async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageShape<I>,
    call: { readonly signal: AbortSignal; readonly credential: string },
  ): AsyncGenerator<MessageShape<O>> {
    const { path, requestSerialize, responseDeserialize } = methodDefinition(method);
    const metadata = bearerMetadata(call.credential);
    const running = this.client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata);
    const messages: AsyncIterable<MessageShape<O>> = running;
    const onAbort = () => running.cancel();
    call.signal.addEventListener('abort', onAbort, { once: true });
    if (call.signal.aborted) onAbort();
    try {
      yield* messages;
    } catch (error) {
      throw fromGrpcError(error, this.at);
    } finally {
      call.signal.removeEventListener('abort', onAbort);
      running.cancel();
    }
  }

  close(): void {
    this.client.close();
  }
}
