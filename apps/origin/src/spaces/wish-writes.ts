import type { Commit, Expectation, NewRow, SpaceRow, Write } from '@knot/shared/store';

/** Who wishes, when, and the id of the operation that comes of it. */
export interface Wishing {
  readonly kind: string;
  readonly actorId: string;
  readonly id: string;
  readonly at: number;
}

export interface WishWrites {
  readonly row: NewRow<'space'>;
  readonly operation: NewRow<'operation'>;
  readonly expect: readonly Expectation[];
  readonly writes: readonly Write[];
  readonly log: NonNullable<Commit['log']>;
}

/** A new generation of a space with its operation, for the leaf of its location and for every screen. */
export function wishWrites(space: SpaceRow, change: Partial<NewRow<'space'>>, wishing: Wishing): WishWrites {
  const { version, ...rest } = space;
  const { id } = space;
  const generation = space.generation + 1;
  const row = { ...rest, ...change, generation, wishedBy: wishing.actorId, wishedAt: wishing.at };
  const operation = operationRow(id, generation, wishing);
  return {
    row,
    operation,
    expect: [{ kind: 'space', id, version }],
    writes: [
      { put: 'space', row },
      { put: 'operation', row: operation },
    ],
    log: spaceLog(space.location, id, 'put'),
  };
}

export function operationRow(subjectId: string, generation: number, wishing: Wishing): NewRow<'operation'> {
  const { id, kind, actorId, at } = wishing;
  return { id, kind, subjectKind: 'space', subjectId, generation, actorId, createdAt: at };
}

/** What a change of a space is told to: the leaf of its location, and the screens. */
export function spaceLog(location: string, id: string, op: 'put' | 'delete'): NonNullable<Commit['log']> {
  return [
    { stream: `location:${location}`, kind: 'space', id, op },
    { stream: 'events', kind: 'space', id, op },
  ];
}
