import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { connect } from 'node:http2';
import { sync } from '@knot/contract';
import type { SecureContext } from 'node:tls';
import type { BareLeaf, Target } from './many-leaves.js';

const PATIENCE_MS = 30_000;
/** Of gRPC: not compressed, and how long the message is. */
const PREFIX = 5;

/**
 * Follows on from where the leaf was, by a connection of its own and HTTP/2 alone, until the first word. A leaf has a
 * machine of its own: what grpc-js costs a client would be taken from the origin's cores here.
 * Throws the code of what the origin refuses it by.
 */
export async function firstWord(
  leaf: BareLeaf,
  { host, port }: Target,
  secureContext: SecureContext,
): Promise<sync.WatchResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<sync.WatchResponse>();
  const session = connect(`https://${host}:${port}`, { secureContext });
  const late = setTimeout(() => reject(new Error('no word in time')), PATIENCE_MS);
  session.on('error', reject);
  session.on('close', () => reject(new Error('it ended')));
  const stream = session.request({
    ':method': 'POST',
    ':path': `/${sync.Sync.typeName}/${sync.Sync.method.watch.name}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization: `Bearer ${leaf.credential}`,
  });
  const refused = (headers: object) => {
    const code: unknown = Reflect.get(headers, 'knot-code');
    if (typeof code === 'string') reject(new Error(code));
  };
  stream.on('error', reject);
  stream.on('response', refused);
  stream.on('trailers', refused);
  let heard = Buffer.alloc(0);
  stream.on('data', (piece: Buffer) => {
    heard = Buffer.concat([heard, piece]);
    const end = heard.length < PREFIX ? Infinity : PREFIX + heard.readUInt32BE(1);
    if (heard.length >= end) resolve(fromBinary(sync.WatchResponseSchema, heard.subarray(PREFIX, end)));
  });
  const asked = toBinary(sync.WatchRequestSchema, create(sync.WatchRequestSchema, { from: leaf.position }));
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(asked.length, 1);
  stream.end(Buffer.concat([prefix, asked]));
  try {
    return await promise;
  } finally {
    clearTimeout(late);
    session.destroy();
  }
}
