import { sealContext, type KeyRing } from '@knot/shared';
import type { AuditRow, Expectation, Store, Write } from '@knot/shared/store';
import { EMPTY_CHAIN, type ChainState } from './audit-chain.js';
import { parseChainState } from './parse-chain-state.js';

const PAGE = 500;
const STATE = 'audit.chain';
const CONTEXT = sealContext('secret', STATE, 'value');

/** Reads and writes where the chain stands. */
export class ChainStore {
  constructor(
    private readonly store: Store,
    private readonly keys: KeyRing,
  ) {}

  /** Null where the state is there and was not written by this installation. */
  async state(): Promise<{ readonly state: ChainState | null; readonly version: number }> {
    const row = await this.store.get('secret', STATE);
    if (!row) return { state: EMPTY_CHAIN, version: 0 };
    try {
      return { state: parseChainState(this.keys.openText(row.value, CONTEXT)), version: row.version };
    } catch {
      return { state: null, version: row.version };
    }
  }

  /** Of two that go on from the same state one commit conflicts. */
  advance(state: ChainState, version: number): { readonly expect: Expectation; readonly write: Write } {
    const value = this.keys.sealText(JSON.stringify(state), CONTEXT);
    return {
      expect: { kind: 'secret', id: STATE, version },
      write: { put: 'secret', row: { id: STATE, value } },
    };
  }

  /** The entries that say they are covered by a seal. */
  async entries(seal: number): Promise<readonly AuditRow[]> {
    const all: AuditRow[] = [];
    for (let after: string | undefined; ;) {
      const { rows, next } = await this.store.page('audit', { where: { seal }, limit: PAGE, after });
      all.push(...rows);
      if (next === null) return all;
      after = next;
    }
  }
}
