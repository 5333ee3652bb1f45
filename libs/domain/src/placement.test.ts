import { describe, expect, it } from 'vitest';
import { checkPlacement, choosePlacement, type PlacementLocation } from './placement.js';

function location(name: string, expected: boolean, ready = true): PlacementLocation {
  return { name, expected, platforms: [{ platform: 'nomad', ready, message: 'no server answers' }] };
}

describe('placement', () => {
  it('prefers the location asked for, else the first by name that can', () => {
    const all = [location('lon', true), location('ams', true), location('far', false)];
    expect(choosePlacement('nomad', 'lon', all)).toEqual({ ok: true, location: 'lon' });
    expect(choosePlacement('nomad', 'far', all)).toEqual({ ok: true, location: 'ams' });
  });

  it.each([
    ['unknown', [], 'There is no location lon.', 'Start a leaf that has nomad'],
    ['silent', [location('lon', false)], 'not heard of', 'which had nomad: lon'],
    ['not ready', [location('lon', true, false), location('ams', true)], 'no server answers', 'could: ams'],
    ['without it', [{ name: 'lon', expected: true, platforms: [] }], 'does not have the platform', 'Start a leaf'],
  ] as const)('of a location that is %s is refused with who could', (_, all, message, hint) => {
    const placement = checkPlacement('nomad', 'lon', all);
    expect(placement).toMatchObject({ ok: false });
    expect(placement.ok ? '' : placement.message).toContain(message);
    expect(placement.ok ? '' : placement.hint).toContain(hint);
    if (all.every(({ expected }) => !expected)) expect(choosePlacement('nomad', 'lon', all).ok).toBe(false);
  });
});
