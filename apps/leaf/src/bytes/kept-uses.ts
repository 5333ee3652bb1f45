import type { Clock } from '@knot/shared';
import type { LeafStore } from '@knot/shared/store';
import { parseUses } from '../wire/parse-json.js';
import { KeptText } from './kept-text.js';
import { UsedOnce } from './signed-text.js';

/** What may be used once, also over a restart of this leaf: on its disk before anybody is let in. */
export class KeptUses {
  private readonly used = new UsedOnce();
  private readonly kept: KeptText;

  constructor(
    store: Pick<LeafStore, 'meta' | 'putMeta'>,
    private readonly clock: Clock,
  ) {
    this.kept = new KeptText(store, 'used-grants');
  }

  async recall(): Promise<void> {
    for (const [id, until] of parseUses(await this.kept.read())) this.used.use(id, until, this.clock.now());
  }

  /** False where it was used before. */
  async use(id: string, until: number): Promise<boolean> {
    if (!this.used.use(id, until, this.clock.now())) return false;
    await this.kept.write(JSON.stringify(this.used.list()));
    return true;
  }
}
