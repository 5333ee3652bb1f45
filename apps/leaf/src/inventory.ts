import type { Platform } from '@knot/domain';
import type { LeafObject, LeafObjectKind, LeafStore } from '@knot/shared/store';
import { summaryOf, type ObjectSummary } from './wire/stored-object.js';

interface Item extends ObjectSummary {
  readonly listed: boolean;
}

/** What stands in the store, by id, without its content: a few words for each object. */
export class Inventory {
  private readonly items: Record<LeafObjectKind, Map<string, Item>> = {
    space: new Map(),
    volume: new Map(),
    location: new Map(),
  };

  async load(store: LeafStore): Promise<void> {
    for (const kind of ['space', 'volume'] as const) {
      for (const object of await store.objects(kind)) {
        this.items[kind].set(object.id, { ...summaryOf(object), listed: object.listed });
      }
    }
  }

  generation(kind: LeafObjectKind, id: string): number | null {
    return this.items[kind].get(id)?.generation ?? null;
  }

  put(kind: LeafObjectKind, id: string, summary: ObjectSummary): void {
    if (kind !== 'location') this.items[kind].set(id, { ...summary, listed: true });
  }

  delete(kind: LeafObjectKind, id: string): void {
    this.items[kind].delete(id);
  }

  unlist({ kind, id }: Pick<LeafObject, 'kind' | 'id'>): void {
    const item = this.items[kind].get(id);
    if (item) this.items[kind].set(id, { ...item, listed: false });
  }

  get spaces(): number {
    return this.items.space.size;
  }

  listedIds(): ReadonlySet<string> {
    return new Set([...this.listed('space'), ...this.listed('volume')]);
  }

  /** Queue keys of everything that is listed; of one platform where it is named. */
  *keys(platform?: Platform): Iterable<string> {
    for (const kind of ['space', 'volume'] as const) {
      for (const id of this.listed(kind)) {
        if (platform === undefined || this.items[kind].get(id)?.platform === platform) yield keyOf(kind, id);
      }
    }
  }

  /** The queue key of whatever listed object has this id; null for a stranger. */
  keyOfId(id: string): string | null {
    for (const kind of ['space', 'volume'] as const) {
      if (this.items[kind].get(id)?.listed) return keyOf(kind, id);
    }
    return null;
  }

  private *listed(kind: LeafObjectKind): Iterable<string> {
    for (const [id, { listed }] of this.items[kind]) if (listed) yield id;
  }
}

export function keyOf(kind: LeafObjectKind, id: string): string {
  return `${kind}:${id}`;
}

export function idOfKey(key: string): { readonly kind: LeafObjectKind; readonly id: string } {
  const id = key.slice(key.indexOf(':') + 1);
  return { kind: key.startsWith('volume:') ? 'volume' : 'space', id };
}
