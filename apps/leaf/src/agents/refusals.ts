import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';

/** More different refusals than this between two reports are counted as one. */
const MOST_KINDS = 100;

export interface Refused {
  readonly actor: string;
  readonly action: string;
  readonly address: string;
  readonly message: string;
}

/** Whom this leaf refused, counted until the origin has it for its audit; bounded, so that no flood fills anything. */
export class Refusals {
  private tallies = new Map<string, { readonly refused: Refused; count: number }>();

  constructor(private readonly onNews: () => void) {}

  note(refused: Refused): void {
    const full = this.tallies.size >= MOST_KINDS;
    const told = full ? { actor: 'many', action: 'many', address: 'many', message: '' } : refused;
    const key = [told.actor, told.action, told.address, told.message].join('\n');
    const known = this.tallies.get(key);
    if (known) known.count += 1;
    else this.tallies.set(key, { refused: told, count: 1 });
    if (!known) this.onNews();
  }

  list(): readonly sync.Refusal[] {
    return [...this.tallies.values()].map(({ refused, count }) => create(sync.RefusalSchema, { ...refused, count }));
  }

  /** The origin has these. */
  sent(list: readonly sync.Refusal[]): void {
    for (const { actor, action, address, message, count } of list) {
      const key = [actor, action, address, message].join('\n');
      const known = this.tallies.get(key);
      if (!known) continue;
      known.count -= count;
      if (known.count <= 0) this.tallies.delete(key);
    }
  }
}
