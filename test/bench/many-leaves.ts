import { create } from '@bufbuild/protobuf';
import { randomBytes, randomUUID } from 'node:crypto';
import { sync } from '@knot/contract';
import { openGrpcClient, type GrpcClient } from '@knot/link';
import { SHARED_TOKEN } from '../tools/cluster.js';
import { inParallel } from './in-parallel.js';

/** What a leaf is to its origin: one connection, a credential, a place in the log. Nothing behind it. */
export interface BareLeaf {
  readonly location: string;
  readonly client: GrpcClient;
  readonly credential: string;
  position: sync.Position | undefined;
}

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly ca: string;
}

export const unary = (credential = '', deadlineMs = 60_000) => {
  return { signal: AbortSignal.timeout(deadlineMs), deadlineMs, credential };
};

export async function enrolLeaves(target: Target, count: number, prefix = 'l'): Promise<BareLeaf[]> {
  const leaves: BareLeaf[] = [];
  await inParallel(16, [...Array(count).keys()], async (index) => {
    const location = `${prefix}${index}`;
    const client = await openGrpcClient({ ...target, fingerprint: '' });
    const request = create(sync.EnrollRequestSchema, {
      location,
      instance: randomUUID(),
      instanceSecret: randomBytes(32).toString('base64url'),
      token: SHARED_TOKEN,
      programVersion: '0.1.0',
    });
    const { credential } = await client.unary(sync.Sync.method.enroll, request, unary());
    leaves[index] = { location, client, credential, position: undefined };
  });
  return leaves;
}

/** All pages; notes where to watch from. */
export async function listAll(leaf: BareLeaf): Promise<number> {
  for (let [objects, pageToken] = [0, '']; ;) {
    const request = create(sync.ListRequestSchema, { pageToken, limit: 500 });
    const page = await leaf.client.unary(sync.Sync.method.list, request, unary(leaf.credential));
    objects += page.objects.length;
    leaf.position = page.position;
    if (page.nextPageToken === '') return objects;
    pageToken = page.nextPageToken;
  }
}

/** Follows from its position until the signal; `heard` is told of each message. */
export async function follow(
  leaf: BareLeaf,
  signal: AbortSignal,
  heard: (event: sync.WatchResponse['event']) => void | Promise<void>,
): Promise<void> {
  const request = create(sync.WatchRequestSchema, { from: leaf.position });
  const messages = leaf.client.stream(sync.Sync.method.watch, request, { signal, credential: leaf.credential });
  for await (const { event } of messages) {
    if (event.case === 'changes' || event.case === 'bookmark') leaf.position = event.value.position ?? leaf.position;
    await heard(event);
  }
}
