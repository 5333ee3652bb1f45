import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { LeafStore } from '@knot/shared/store';
import { parseEntries, type Entry } from '../wire/parse-json.js';
import { KeptText } from './kept-text.js';

/** The oldest go first. */
const MOST = 2_000;

/** Whom this leaf has let in by itself, on its disk until the origin has it for its audit. */
export class Entries {
  private entries: readonly Entry[] = [];
  private readonly kept: KeptText;

  constructor(
    store: Pick<LeafStore, 'meta' | 'putMeta'>,
    private readonly onNews: () => void,
  ) {
    this.kept = new KeptText(store, 'entries');
  }

  async recall(): Promise<void> {
    this.entries = parseEntries(await this.kept.read());
  }

  async note(entry: Entry): Promise<void> {
    this.entries = [...this.entries, entry].slice(-MOST);
    await this.save();
    this.onNews();
  }

  list(): readonly sync.Entry[] {
    return this.entries.slice(0, 200).map((entry) => create(sync.EntrySchema, { ...entry, at: BigInt(entry.at) }));
  }

  /** The origin has these. */
  sent(list: readonly sync.Entry[]): void {
    if (list.length === 0) return;
    const ids = new Set(list.map(({ id }) => id));
    this.entries = this.entries.filter(({ id }) => !ids.has(id));
    void this.save().catch(() => undefined);
    if (this.entries.length > 0) this.onNews();
  }

  private save(): Promise<void> {
    return this.kept.write(JSON.stringify(this.entries));
  }
}
