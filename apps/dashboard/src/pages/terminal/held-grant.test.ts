import { GRANT_PROTOCOL, GRANT_USE_CONTEXT, parseGrantUse } from '@knot/contract';
import { describe, expect, it } from 'vitest';
import { HeldGrant } from './held-grant.js';

const HOUR_MS = 60 * 60_000;
const LEAF = { location: 'lon', leaf: 'wss://lon.example.net:3000' };

/** A terminal and the origin that gives it grants of twelve hours. */
function rig() {
  const asked: { readonly location: string; readonly holder: string }[] = [];
  const origin = { isThere: true };
  let now = 1_000;
  const held = new HeldGrant({
    space: 'a-space',
    ask: async (location, holder) => {
      if (!origin.isThere) throw new Error('It is away.');
      asked.push({ location, holder });
      return { grant: `grant-${asked.length}`, expiresAt: now + 12 * HOUR_MS };
    },
    now: () => now,
  });
  return { held, asked, origin, pass: (ms: number) => (now += ms) };
}

/** What is shown, taken apart as a leaf does. */
async function read(shown: string, holder: string) {
  const [grant = '', use = ''] = shown.slice(GRANT_PROTOCOL.length).split('~');
  const [body = '', signature = ''] = use.split('.');
  const key = await crypto.subtle.importKey('raw', bytesOf(holder), 'Ed25519', false, ['verify']);
  const signed = new TextEncoder().encode(GRANT_USE_CONTEXT + body);
  const isByHolder = await crypto.subtle.verify('Ed25519', key, bytesOf(signature), signed);
  return { grant, isByHolder, use: parseGrantUse(new TextDecoder().decode(bytesOf(body))) };
}

function bytesOf(base64url: string) {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

describe('the grant of a terminal', () => {
  it('leads to the leaf that was reached, each time by a use of its own that its key has signed', async () => {
    const { held, asked } = rig();
    expect([held.isGood, await held.way()]).toEqual([false, null]);
    await held.keep(LEAF);
    const [first, second] = [await held.way(), await held.way()];
    expect(first).toMatchObject({ location: 'lon', url: `${LEAF.leaf}/bytes/v1/spaces/a-space/terminal` });
    const [holder = ''] = asked.map((one) => one.holder);
    const uses = await Promise.all([first, second].map((way) => read(way?.shown ?? '', holder)));
    const use = { space: 'a-space', action: 'terminal', host: 'lon.example.net:3000', until: 61_000 };
    expect(uses).toMatchObject(Array(2).fill({ grant: 'grant-1', isByHolder: true, use }));
    expect(uses[0]?.use?.id).not.toBe(uses[1]?.use?.id);
  });

  it('is asked for anew once half of its life is over, or at another location, and for the same key', async () => {
    const { held, asked, pass } = rig();
    await held.keep(LEAF);
    pass(5 * HOUR_MS);
    await held.keep({ ...LEAF, leaf: 'wss://lon.example.net' });
    expect(asked).toHaveLength(1);
    expect((await held.way())?.url).toContain('wss://lon.example.net/');
    pass(2 * HOUR_MS);
    await held.keep(LEAF);
    await held.keep({ location: 'par', leaf: 'wss://par.example.net' });
    expect(asked.map(({ location }) => location)).toEqual(['lon', 'lon', 'par']);
    expect(new Set(asked.map(({ holder }) => holder)).size).toBe(1);
  });

  it('is the one of before where the origin gives none, until that runs out', async () => {
    const { held, origin, pass } = rig();
    await held.keep(LEAF);
    origin.isThere = false;
    pass(7 * HOUR_MS);
    await held.keep(LEAF);
    expect(held.isGood).toBe(true);
    pass(5 * HOUR_MS);
    expect([held.isGood, await held.way()]).toEqual([false, null]);
  });
});
