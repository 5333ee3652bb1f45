import { describe, expect, it } from 'vitest';
import { isOpenTo } from './is-open-to.js';

const [ann, bob, eve] = [
  { user: 'ann', group: true, local: false },
  { user: 'bob', group: true, local: false },
  { user: 'eve', group: false, local: true },
];
const space = { platform: 'nomad', members: ['ann'] } as const;

describe('a web port, by what the leaf was told', () => {
  it.each([
    ['owner', [true, false, false]],
    ['group', [true, true, false]],
    ['users', [true, true, true]],
    ['public', [true, true, true]],
  ] as const)('for %s is open to members, to those of a group, to others: %j', (share, expected) => {
    expect([ann, bob, eve].map((pass) => isOpenTo(pass, space, share))).toEqual(expected);
  });

  it("on the leaf's own machine is open to members who are administrators", () => {
    const local = { platform: 'local', members: ['ann', 'eve'] } as const;
    expect([ann, bob, eve].map((pass) => isOpenTo(pass, local, 'public'))).toEqual([false, false, true]);
  });
});
