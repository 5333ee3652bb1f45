import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestOrigin } from '../testing/test-origin.js';

let test: TestOrigin;
beforeEach(async () => {
  test = await TestOrigin.open();
});
afterEach(() => test.close());

describe('the leaves of an origin that was away for an hour', () => {
  it('are given one lease time before they count as silent, those that were silent before are not', async () => {
    const admin = await test.admin();
    await test.liveLocation('ber');
    test.pass(60_000);
    await test.liveLocation('ams');
    const heardAt = test.clock.now();
    await test.origin.close();
    test.pass(3_600_000);
    await test.start();
    const live = async () => {
      const { items } = (await admin('GET', '/api/v1/locations')).body;
      return items.map((one: { name: string; live: boolean }) => [one.name, one.live]);
    };
    expect(await live()).toEqual([
      ['ams', true],
      ['ber', false],
    ]);
    const { body } = await admin('GET', '/api/v1/locations/ams');
    expect(body.asOf).toBeLessThanOrEqual(heardAt);
    expect(body.liveUntil).toBeLessThanOrEqual(test.clock.now() + 30_000);
    test.pass(30_000);
    expect(await live()).toEqual([
      ['ams', false],
      ['ber', false],
    ]);
  });
});
