import type { Clock } from '@knot/shared';
import type { Store } from '@knot/shared/store';
import { sealId, sealProblem, type ChainState } from './audit-chain.js';
import type { AuditCheckDto } from './audit.dto.js';
import type { ChainStore } from './chain-store.js';

/** After so many seals others get their turn. */
const AT_ONCE = 50;
/** Further problems than these say nothing new. */
const MOST = 100;

/** Reads the whole chain anew and says what was changed, added or removed behind knot's back. */
export class AuditCheck {
  constructor(
    private readonly store: Store,
    private readonly chain: ChainStore,
    private readonly clock: Pick<Clock, 'sleep'>,
  ) {}

  async run(): Promise<AuditCheckDto> {
    const unsealed = await this.store.count('audit', { seal: 0 });
    const { state } = await this.chain.state();
    if (!state) {
      const problems = ['The state of the chain was changed, or another key sealed it.'];
      return { ok: false, seals: 0, sealed: 0, unsealed, problems };
    }
    const { sealed, problems } = await this.follow(state);
    const all = await this.store.count('audit', {});
    const stray = all - sealed - unsealed;
    // while it read, entries may have been added and sealed: only a look at one state may say this
    if (stray !== 0 && (await this.chain.state()).state?.head === state.head && problems.length === 0) {
      problems.push(`${Math.abs(stray)} entries name a seal that is not there.`);
    }
    return { ok: problems.length === 0, seals: state.head - state.forgotten, sealed, unsealed, problems };
  }

  private async follow({ forgotten, head, hash }: ChainState): Promise<{ sealed: number; problems: string[] }> {
    const problems: string[] = [];
    let sealed = 0;
    let before: string | null = null;
    for (let number = forgotten + 1; number <= head && problems.length < MOST; number += 1) {
      const [seal, entries] = await Promise.all([
        this.store.get('auditSeal', sealId(number)),
        this.chain.entries(number),
      ]);
      if (number % AT_ONCE === 0) await this.clock.sleep(0);
      sealed += entries.length;
      const problem = seal ? sealProblem(seal, entries, before) : `Seal ${number} is missing.`;
      if (problem) problems.push(problem);
      before = seal?.hash ?? null;
    }
    if (head > forgotten && before !== null && before !== hash) problems.push(`Seal ${head} is not the one made here.`);
    return { sealed, problems };
  }
}
