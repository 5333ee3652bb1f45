import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { GRANT_CONTEXT, GRANT_LIFE_MS, GRANT_USE_CONTEXT, type Grant, type GrantUse } from '@knot/contract';
import { VirtualClock } from '@knot/drivers/fake';
import { beforeEach, describe, expect, it } from 'vitest';
import { Grants } from './grants.js';
import { KeptUses } from './kept-uses.js';
import type { OwnSpaces } from './own-spaces.js';
import { ProofEnds } from './proof-ends.js';

const [origin, holder, other] = [0, 1, 2].map(() => generateKeyPairSync('ed25519').privateKey) as [
  KeyObject,
  KeyObject,
  KeyObject,
];
const x = (key: KeyObject) => createPublicKey(key).export({ format: 'jwk' }).x ?? '';
const SPACE = {
  ...{ name: 'work', owner: 'ann', ownerId: 'ann', location: 'lon', servicePassword: '' },
  ...{ portShares: [], templatePorts: [] },
};
const position = { epoch: 'e', rev: 1, nonce: 'n' };

let clock: VirtualClock;
let ends: ProofEnds;
let grants: Grants;
/** As the leaf does on starting anew over the same disk. */
let restart: () => Promise<void>;
let members: string[];
let platform: 'nomad' | 'local';

beforeEach(() => {
  clock = new VirtualClock();
  const disk = new Map<string, string>();
  const store = {
    meta: async (key: string) => disk.get(key) ?? null,
    putMeta: async (key: string, value: string) => void disk.set(key, value),
  };
  ends = new ProofEnds(store, clock);
  [members, platform] = [['u'], 'nomad'];
  const spaces: Pick<OwnSpaces, 'get'> = {
    get: async (id) => (id === 's' ? { ...SPACE, id, platform, members } : null),
  };
  const keys = () => ({ k1: x(origin) });
  const make = (uses: KeptUses) => new Grants({ location: 'lon', keys, host: 'leaf:3000', spaces, ends, uses, clock });
  grants = make(new KeptUses(store, clock));
  restart = async () => {
    const uses = new KeptUses(store, clock);
    await uses.recall();
    grants = make(uses);
  };
});

function signed(claims: object, key: KeyObject, context: string): string {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${body}.${sign(null, Buffer.from(context + body), key).toString('base64url')}`;
}

function grant(change: Partial<Grant> = {}, key = origin, context = GRANT_CONTEXT): string {
  const until = clock.now() + GRANT_LIFE_MS;
  const claims = { key: 'k1', id: 'g', location: 'lon', user: 'u', proof: 'p', holder: x(holder), local: false, until };
  return signed({ ...claims, ...change }, key, context);
}

function use(change: Partial<GrantUse> = {}, key = holder, context = GRANT_USE_CONTEXT): string {
  const claims = { id: crypto.randomUUID(), space: 's', action: 'ssh', host: 'leaf:3000', until: clock.now() + 60_000 };
  return signed({ ...claims, ...change }, key, context);
}

const shown = (one: string, two: string) => grants.use(`${one}~${two}`, 's', 'ssh');

describe('a grant', () => {
  it('lets its holder into their spaces for twelve hours, each use once', async () => {
    const [given, once] = [grant(), use()];
    expect(await shown(given, once)).toMatchObject({ user: 'u', id: 'g' });
    await expect(shown(given, once)).rejects.toThrow('used before');
    await clock.advance(GRANT_LIFE_MS - 1_000);
    expect(await shown(given, use())).toMatchObject({ user: 'u' });
    await clock.advance(1_000);
    await expect(shown(given, use())).rejects.toThrow('run out');
  });

  it('is used once also where the leaf was started anew meanwhile, and at once again by a new use', async () => {
    const [given, once] = [grant(), use()];
    await shown(given, once);
    await restart();
    await expect(shown(given, once)).rejects.toThrow('used before');
    expect(await shown(given, use())).toMatchObject({ user: 'u' });
  });

  it.each([
    ['of another location', () => [grant({ location: 'ber' }), use()]],
    ['signed by somebody else', () => [grant({}, other), use()]],
    ['signed as something else, a ticket', () => [grant({}, origin, ''), use()]],
    ['used by another holder', () => [grant(), use({}, other)]],
    ['whose use is signed as something else', () => [grant(), use({}, holder, '')]],
    ['used for another space', () => [grant(), use({ space: 't' })]],
    ['used for something else', () => [grant(), use({ action: 'run' })]],
    ['used at another leaf', () => [grant(), use({ host: 'evil:3000' })]],
    ['whose use is of long ago', () => [grant(), use({ until: clock.now() - 60_000 })]],
    ['whose use is good for days', () => [grant(), use({ until: clock.now() + 86_400_000 })]],
    ['without a use', () => [grant(), '']],
    ['that is none', () => ['a.b', use()]],
  ])('%s is refused', async (_what, parts) => {
    const [one = '', two = ''] = parts();
    await expect(shown(one, two)).rejects.toMatchObject({ code: 'auth.failed' });
  });

  it('ends with the session or token that it was given in the name of, and stays so on the disk', async () => {
    await clock.advance(1_000);
    const given = grant();
    await ends.take({ say: 'ended', proofs: ['q'], position });
    expect(await shown(given, use())).toMatchObject({ user: 'u' });
    await ends.take({ say: 'ended', proofs: ['p'], position });
    await expect(shown(given, use())).rejects.toThrow('revoked');
    await ends.recall();
    expect(ends.since).toEqual(position);
    await expect(shown(given, use())).rejects.toThrow('revoked');
  });

  it('of before a moment of which nothing is known any more is worth nothing', async () => {
    const given = grant();
    await clock.advance(1_000);
    await ends.take({ say: 'void', at: clock.now(), position });
    await expect(shown(given, use())).rejects.toThrow('revoked');
    expect(await shown(grant(), use())).toMatchObject({ user: 'u' });
  });

  it("opens no space of others, and none on the leaf's machine to whom that is not open", async () => {
    members = ['v'];
    await expect(shown(grant(), use())).rejects.toMatchObject({ code: 'access.denied' });
    [members, platform] = [['u'], 'local'];
    await expect(shown(grant(), use())).rejects.toMatchObject({ code: 'access.denied' });
    expect(await shown(grant({ local: true }), use())).toMatchObject({ user: 'u' });
  });
});
