import type { Commit, Expectation, NewRow, RollOutRow, Write } from '@knot/shared/store';
import type { UniqueName } from '../deeds/unique-name.js';
import { release } from '../deeds/unique-name.js';

/** A template has one roll-out under way. */
export function rollOutName({ templateId }: Pick<RollOutRow, 'templateId'>): UniqueName {
  return { scope: 'roll-out', value: templateId };
}

export function rollOutLog(id: string): NonNullable<Commit['log']> {
  return [{ stream: 'events', kind: 'rollOut', id, op: 'put' }];
}

export interface RollOutChange {
  readonly row: NewRow<'rollOut'>;
  readonly expect: readonly Expectation[];
  readonly unique: NonNullable<Commit['unique']>;
  readonly writes: readonly Write[];
  readonly log: NonNullable<Commit['log']>;
}

/** A change of its row; when it is over, the template is free for another one. */
export function changed(known: RollOutRow, change: Partial<NewRow<'rollOut'>>, now: number): RollOutChange {
  const { version, ...rest } = known;
  const row = { ...rest, ...change, updatedAt: now };
  const over = row.state === 'done' || row.state === 'ended';
  return {
    row,
    expect: [{ kind: 'rollOut', id: known.id, version }],
    unique: over ? [release(rollOutName(row), row.id)] : [],
    writes: [{ put: 'rollOut', row }],
    log: rollOutLog(row.id),
  };
}
