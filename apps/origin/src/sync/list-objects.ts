import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { Store } from '@knot/shared/store';
import type { ObjectReader } from './object-reader.js';
import { encodePageToken, parsePageToken, type PageToken } from './page-token-codec.js';
import { MOST_WEIGHT, weightOf, wireLocation, wirePosition, wireVolume, type WireObject } from './to-wire.js';

const PAGE_LIMIT = 500;

/** Pages through everything a location should be. */
export class ListObjects {
  constructor(
    private readonly store: Store,
    private readonly reader: ObjectReader,
  ) {}

  async run(request: sync.ListRequest, location: string): Promise<sync.ListResponse> {
    const limit = Math.min(PAGE_LIMIT, Math.max(1, request.limit || PAGE_LIMIT));
    const first = request.pageToken === '';
    const token = first ? await this.firstToken(location) : parsePageToken(request.pageToken);
    const row = first ? await this.store.get('location', location) : null;
    const page =
      token.kind === 'space' ? await this.spaces(location, token, limit) : await this.volumes(location, token, limit);
    return create(sync.ListResponseSchema, {
      objects: [...(row ? [wireLocation(row)] : []), ...page.objects],
      nextPageToken: page.next ? encodePageToken(page.next) : '',
      position: wirePosition(token.position),
    });
  }

  private async firstToken(location: string): Promise<PageToken> {
    return { kind: 'space', after: null, position: await this.store.head(`location:${location}`) };
  }

  private async spaces(location: string, token: PageToken, limit: number): Promise<Page> {
    const page = await this.store.page('space', { where: { location }, limit, ...after(token) });
    const objects = await this.reader.spaces(page.rows, true);
    if (!fits(objects)) return this.spaces(location, token, Math.ceil(objects.length / 2));
    return { objects, next: { ...token, kind: page.next === null ? 'volume' : 'space', after: page.next } };
  }

  private async volumes(location: string, token: PageToken, limit: number): Promise<Page> {
    const page = await this.store.page('volume', { where: { location }, limit, ...after(token) });
    const objects = page.rows.map(wireVolume);
    if (!fits(objects)) return this.volumes(location, token, Math.ceil(objects.length / 2));
    return { objects, next: page.next === null ? null : { ...token, after: page.next } };
  }
}

interface Page {
  readonly objects: readonly WireObject[];
  readonly next: PageToken | null;
}

/** Whether one message holds them; a single one always goes. */
function fits(objects: readonly WireObject[]): boolean {
  return objects.length === 1 || objects.reduce((sum, object) => sum + weightOf(object), 0) <= MOST_WEIGHT;
}

function after(token: PageToken): { after?: string } {
  return token.after === null ? {} : { after: token.after };
}
