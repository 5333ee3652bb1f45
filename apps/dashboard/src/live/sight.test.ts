import { PHASES } from '@knot/domain';
import { describe, expect, it } from 'vitest';
import { toneOfPhase } from '../components/phase-tone.js';
import { madeLocation, madeSpace } from '../testing/made.js';
import { shownPhase, sightOf, sightOfSpace } from './sight.js';

const hearing = { connected: true, lastHeard: 0 };
const deaf = { connected: false, lastHeard: 7_000 };

describe('what may be shown', () => {
  it('is live while the leaf is heard of and the page hears the server', () => {
    expect(sightOf(madeLocation(), hearing)).toMatchObject({ live: true, silent: 'nobody' });
  });

  it('is of the last word of a silent leaf', () => {
    expect(sightOf(madeLocation({ live: false, asOf: 5_000 }), hearing)).toEqual({
      live: false,
      asOf: 5_000,
      silent: 'leaf',
    });
  });

  it('is of the last word of the server while the page is cut off', () => {
    expect(sightOf(madeLocation(), deaf)).toEqual({ live: false, asOf: 7_000, silent: 'origin' });
  });

  it('is not live where space and location disagree', () => {
    const space = madeSpace({ asOf: 4_000 });
    const heard = madeLocation({ live: false, asOf: 6_000 });
    expect(sightOfSpace(space, heard, hearing)).toMatchObject({ live: false, asOf: 6_000 });
    expect(sightOfSpace({ ...space, live: false }, madeLocation(), hearing).live).toBe(false);
    expect(sightOfSpace(space, null, hearing).live).toBe(true);
  });

  it('is never green of what is not live', () => {
    for (const phase of PHASES) {
      const shown = shownPhase(phase, { live: false });
      expect(['rest', 'falling', 'unknown']).toContain(toneOfPhase(shown));
    }
    expect(shownPhase('Running', { live: false })).toBe('Unknown');
    expect(shownPhase('Running', { live: true })).toBe('Running');
  });
});
