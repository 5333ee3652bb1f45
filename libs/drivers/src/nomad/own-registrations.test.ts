import { describe, expect, it } from 'vitest';
import { OwnRegistrations } from './own-registrations.js';

const SPACE = 'a';

describe('a registration in the event stream', () => {
  it("is no hint where it is the driver's own, whether its answer or its event comes first", async () => {
    const [own, hints] = [new OwnRegistrations(), [] as number[]];
    const seen = (index: number) => own.seen(SPACE, index, () => hints.push(index));
    await own.during(SPACE, async () => {
      seen(7);
      return { revision: '7' };
    });
    seen(7);
    await own.during(SPACE, () => Promise.resolve({ revision: '9' }));
    seen(9);
    expect(hints).toEqual([]);
  });

  it("is one where it is somebody else's, also while the driver registers", async () => {
    const [own, hints] = [new OwnRegistrations(), [] as number[]];
    const seen = (index: number) => own.seen(SPACE, index, () => hints.push(index));
    seen(5);
    await own.during(SPACE, async () => {
      seen(7);
      seen(8);
      return { revision: '7' };
    });
    expect(hints).toEqual([5, 8]);
    seen(9);
    expect(hints).toEqual([5, 8, 9]);
  });

  it('is one where the call failed: whose it is nobody knows', async () => {
    const [own, hints] = [new OwnRegistrations(), [] as number[]];
    const call = own.during(SPACE, async () => {
      own.seen(SPACE, 7, () => hints.push(7));
      throw new Error('no answer');
    });
    await expect(call).rejects.toThrow('no answer');
    expect(hints).toEqual([7]);
  });
});
