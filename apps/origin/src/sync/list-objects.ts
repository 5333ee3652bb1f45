import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import { KnotError } from '@knot/shared/errors';
import type { Position, Store } from '@knot/shared/store';
import type { ObjectReader } from './object-reader.js';
import { wireLocation, wirePosition, wireVolume } from './to-wire.js';

const PAGE_LIMIT = 500;

/** Where a listing is: the position it began at goes with it, so that the Watch after it misses nothing. */
interface PageToken {
  readonly kind: 'space' | 'volume';
  readonly after: string | null;
  readonly position: Position;
}

/** Pages through everything a location should be. */
export class ListObjects {
  constructor(
    private readonly store: Store,
    private readonly reader: ObjectReader,
  ) {}

  async run(request: sync.ListRequest, location: string): Promise<sync.ListResponse> {
    const limit = Math.min(PAGE_LIMIT, Math.max(1, request.limit || PAGE_LIMIT));
    const first = request.pageToken === '';
    const token = first ? await this.firstToken(location) : parseToken(request.pageToken);
    const row = first ? await this.store.get('location', location) : null;
    const page =
      token.kind === 'space' ? await this.spaces(location, token, limit) : await this.volumes(location, token, limit);
    return create(sync.ListResponseSchema, {
      objects: [...(row ? [wireLocation(row)] : []), ...page.objects],
      nextPageToken: page.next ? Buffer.from(JSON.stringify(page.next)).toString('base64url') : '',
      position: wirePosition(token.position),
    });
  }

  private async firstToken(location: string): Promise<PageToken> {
    return { kind: 'space', after: null, position: await this.store.head(`location:${location}`) };
  }

  private async spaces(location: string, token: PageToken, limit: number) {
    const page = await this.store.page('space', { where: { location }, limit, ...after(token) });
    const next: PageToken = { ...token, kind: page.next === null ? 'volume' : 'space', after: page.next };
    return { objects: await this.reader.spaces(page.rows, true), next };
  }

  private async volumes(location: string, token: PageToken, limit: number) {
    const page = await this.store.page('volume', { where: { location }, limit, ...after(token) });
    const next: PageToken | null = page.next === null ? null : { ...token, after: page.next };
    return { objects: page.rows.map(wireVolume), next };
  }
}

function after(token: PageToken): { after?: string } {
  return token.after === null ? {} : { after: token.after };
}

function parseToken(text: string): PageToken {
  try {
    const token: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (isPageToken(token)) return token;
  } catch {
    // told below
  }
  throw new KnotError('sync.relist', 'The page token does not parse', 'List from the first page.');
}

function isPageToken(token: unknown): token is PageToken {
  if (typeof token !== 'object' || token === null) return false;
  const { kind, position } = token as Partial<PageToken>;
  return (kind === 'space' || kind === 'volume') && typeof position?.rev === 'number';
}
