import { describe, expect, it } from 'vitest';
import { madeSpace } from '../testing/made.js';
import { filtersFromUrl, filtersToUrl, isFiltered, matchesFilters, withoutFilters } from './space-filters.js';

describe('the filters in the address', () => {
  it('come back as they were put there', () => {
    const filters = { q: 'a b&c', owner: 'me', location: 'lon', template: 't-1', phase: 'Failed' as const };
    expect(filtersFromUrl(new URLSearchParams(filtersToUrl(filters).toString()))).toEqual(filters);
  });

  it('leave the address empty when nothing is narrowed', () => {
    expect(filtersToUrl(withoutFilters()).toString()).toBe('');
    expect(isFiltered(withoutFilters())).toBe(false);
  });

  it('pass over what they do not know', () => {
    expect(filtersFromUrl(new URLSearchParams('phase=Dancing&sort=up'))).toEqual(withoutFilters());
  });
});

describe('a list so narrowed', () => {
  const holds = (change: object) => matchesFilters(madeSpace(), { ...withoutFilters(), ...change }, 'user-1');

  it('holds what fits all of them', () => {
    expect(holds({})).toBe(true);
    expect(holds({ q: 'AP', owner: 'me', location: 'lon', template: 'template-1', phase: 'Running' })).toBe(true);
  });

  it('holds nothing that one of them keeps out', () => {
    const narrowed = [{ q: 'web' }, { owner: 'user-2' }, { location: 'ber' }, { template: 't-9' }, { phase: 'Failed' }];
    expect(narrowed.map(holds)).toEqual(narrowed.map(() => false));
  });
});
