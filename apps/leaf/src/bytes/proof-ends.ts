import { GRANT_LIFE_MS, type ProofsPosition, type UseNews } from '@knot/contract';
import type { Clock } from '@knot/shared';
import type { LeafStore } from '@knot/shared/store';
import { parseProofEnds } from '../wire/parse-json.js';
import { KeptText } from './kept-text.js';

/** The sessions and tokens that have ended, as far as something that was given in their name may still be shown here. */
export class ProofEnds {
  /** Until when each is kept, ms. */
  private ended = new Map<string, number>();
  /** What was given before counts no more, ms by the origin's clock. */
  private voidBefore = 0;
  private position: ProofsPosition | null = null;
  private readonly kept: KeptText;

  constructor(
    store: Pick<LeafStore, 'meta' | 'putMeta'>,
    private readonly clock: Clock,
  ) {
    this.kept = new KeptText(store, 'ended-proofs');
  }

  get since(): ProofsPosition | null {
    return this.position;
  }

  async recall(): Promise<void> {
    const kept = parseProofEnds(await this.kept.read());
    if (kept) [this.ended, this.voidBefore, this.position] = [new Map(kept.ended), kept.voidBefore, kept.position];
  }

  /** Whether what was given in its name at `given` counts no more. */
  has(proof: string, given: number): boolean {
    return given < this.voidBefore || this.ended.has(proof);
  }

  async take(news: Extract<UseNews, { say: 'ended' | 'void' }>): Promise<void> {
    const now = this.clock.now();
    for (const [proof, until] of this.ended) if (until <= now) this.ended.delete(proof);
    if (news.say === 'void') this.voidBefore = news.at;
    else for (const proof of news.proofs) this.ended.set(proof, now + GRANT_LIFE_MS);
    this.position = news.position;
    const { voidBefore, position } = this;
    await this.kept.write(JSON.stringify({ ended: [...this.ended], voidBefore, position }));
  }
}
