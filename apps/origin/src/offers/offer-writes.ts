import type { OfferRow, SpaceRow } from '@knot/shared/store';
import type { Deed } from '../deeds/deed.js';
import { offerName, release } from '../deeds/unique-name.js';

type Part = Required<Pick<Deed<unknown>, 'expect' | 'unique' | 'writes' | 'log'>>;

/** The end of an offer, and of what it has come to. */
export function endOf(offer: OfferRow, space: SpaceRow | null): Part {
  const { id, version, userId, state, deed } = offer;
  const shared = space && deed === 'share' && state === 'accepted' ? withoutUser(space, userId) : null;
  return {
    expect: [{ kind: 'offer', id, version }, ...(shared?.expect ?? [])],
    unique: [release(offerName(offer), id)],
    writes: [{ delete: 'offer', id }, ...(shared?.writes ?? [])],
    log: [{ stream: 'events', kind: 'offer', id, op: 'delete' }, ...(shared?.log ?? [])],
  };
}

/** Who shares a space differs: its leaf lets in and out accordingly, and nothing of what runs changes. */
export function sharedWrites(space: SpaceRow, sharedWith: readonly string[]): Omit<Part, 'unique'> {
  const { version, ...rest } = space;
  const { id, location } = space;
  return {
    expect: [{ kind: 'space', id, version }],
    writes: [{ put: 'space', row: { ...rest, sharedWith } }],
    log: [
      { stream: `location:${location}`, kind: 'space', id, op: 'put' },
      { stream: 'events', kind: 'space', id, op: 'put' },
    ],
  };
}

function withoutUser(space: SpaceRow, userId: string): Omit<Part, 'unique'> {
  const part = sharedWrites(
    space,
    space.sharedWith.filter((id) => id !== userId),
  );
  return { ...part, log: [...part.log, lostBySome(space.id)] };
}

/** Whoever sees a space no more is told that it is gone. */
export function lostBySome(id: string): Part['log'][number] {
  return { stream: 'events', kind: 'space', id, op: 'delete' };
}
