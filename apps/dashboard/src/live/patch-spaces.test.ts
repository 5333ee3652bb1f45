import { describe, expect, it } from 'vitest';
import { withoutFilters } from '../queries/space-filters.js';
import { madeSpace } from '../testing/made.js';
import { dropSpace, patchSpaces, type SpacePages } from './patch-spaces.js';

const view = { filters: withoutFilters(), me: 'user-1' };

function pagesOf(...pages: string[][]): SpacePages {
  return {
    pages: pages.map((names, at) => ({
      items: names.map((name) => madeSpace({ id: `id-${name}`, name })),
      next: at < pages.length - 1 ? `after ${names.at(-1)}` : null,
    })),
    pageParams: pages.map(() => null),
  };
}

const namesOf = ({ pages }: SpacePages) => pages.map(({ items }) => items.map(({ name }) => name));

describe('the loaded pages of the list', () => {
  it('show a space as it is now, and leave the other pages what they were', () => {
    const before = pagesOf(['api', 'docs'], ['web']);
    const after = patchSpaces(before, madeSpace({ id: 'id-web', name: 'web', phase: 'Stopping' }), view);
    expect(after.pages[1]?.items[0]?.phase).toBe('Stopping');
    expect(after.pages[0]).toBe(before.pages[0]);
  });

  it('take a new space in where its name belongs', () => {
    const made = madeSpace({ id: 'id-new', name: 'blog' });
    expect(namesOf(patchSpaces(pagesOf(['api', 'docs'], ['web']), made, view))).toEqual([
      ['api', 'blog', 'docs'],
      ['web'],
    ]);
    const last = madeSpace({ id: 'id-new', name: 'zoo' });
    expect(namesOf(patchSpaces(pagesOf(['api'], ['web']), last, view))).toEqual([['api'], ['web', 'zoo']]);
    expect(namesOf(patchSpaces(pagesOf([]), made, view))).toEqual([['blog']]);
  });

  it('leave a new space to the page that will hold it', () => {
    const before = pagesOf(['api', 'docs'], ['web']);
    const first: SpacePages = { pages: before.pages.slice(0, 1), pageParams: [null] };
    expect(patchSpaces(first, madeSpace({ id: 'id-new', name: 'zoo' }), view)).toBe(first);
  });

  it('move a renamed space to its new place', () => {
    const after = patchSpaces(pagesOf(['api', 'docs'], ['web']), madeSpace({ id: 'id-api', name: 'shop' }), view);
    expect(namesOf(after)).toEqual([['docs'], ['shop', 'web']]);
  });

  it('lose a space that fits the filters no more, and one that is gone', () => {
    const stopped = { filters: { ...withoutFilters(), phase: 'Running' as const }, me: 'user-1' };
    const after = patchSpaces(
      pagesOf(['api', 'web']),
      madeSpace({ id: 'id-api', name: 'api', phase: 'Stopped' }),
      stopped,
    );
    expect(namesOf(after)).toEqual([['web']]);
    expect(namesOf(dropSpace(after, 'id-web'))).toEqual([[]]);
  });

  it('do not change for a space they do not hold', () => {
    const before = pagesOf(['api']);
    const others = { filters: { ...withoutFilters(), owner: 'me' }, me: 'user-1' };
    expect(patchSpaces(before, madeSpace({ id: 'id-x', owner: { id: 'user-2', username: 'bob' } }), others)).toBe(
      before,
    );
    expect(dropSpace(before, 'id-x')).toBe(before);
  });
});
