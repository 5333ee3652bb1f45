import { generateKeyPairSync } from 'node:crypto';
import { APP_COOKIE_MS, APP_TICKET_MS } from '@knot/contract';
import { VirtualClock } from '@knot/drivers/fake';
import { beforeEach, describe, expect, it } from 'vitest';
import { StoreTime } from '../sync/store-time.js';
import { AppPasses } from './app-passes.js';

const due = { host: 'ada--work--8080.apps.test', space: 's' };
const who = { session: 'p', user: 'u', group: false, local: false };
const keys = new Map(['lon', 'par'].map((name) => [name, generateKeyPairSync('ed25519').privateKey]));

let clock: VirtualClock;
let passes: AppPasses;

beforeEach(() => {
  clock = new VirtualClock();
  const ticketKey = async (location: string) => {
    const privateKey = keys.get(location);
    if (!privateKey) throw new Error(location);
    return { id: location, publicKey: '', privateKey };
  };
  passes = new AppPasses({ ticketKey }, new StoreTime({ now: async () => clock.now() }, clock), () =>
    crypto.randomUUID(),
  );
});

describe('what lets a browser in at an app', () => {
  it.each([
    ['ticket', APP_TICKET_MS],
    ['cookie', APP_COOKIE_MS],
  ] as const)('as a %s is good for %i ms', async (kind, life) => {
    const text = await passes.make('lon', { kind, ...due, ...who });
    await clock.advance(life - 1);
    expect(await passes.read(text, 'lon', { kind, ...due })).toMatchObject({ kind, user: 'u' });
    await clock.advance(1);
    expect(await passes.read(text, 'lon', { kind, ...due })).toBeNull();
  });

  it('is good for one port of one space of one location, as what it is', async () => {
    const text = await passes.make('lon', { kind: 'ticket', ...due, ...who });
    const read = (location: string, change: object) =>
      passes.read(text, location, { kind: 'ticket', ...due, ...change });
    expect(await read('lon', {})).not.toBeNull();
    expect(await read('par', {})).toBeNull();
    expect(await read('lon', { host: 'ada--work--9090.apps.test' })).toBeNull();
    expect(await read('lon', { space: 'other' })).toBeNull();
    expect(await read('lon', { kind: 'cookie' })).toBeNull();
    expect(await passes.read(`x${text}`, 'lon', { kind: 'ticket', ...due })).toBeNull();
  });
});
