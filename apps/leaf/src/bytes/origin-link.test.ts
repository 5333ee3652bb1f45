import { createLogger } from '@knot/shared';
import { VirtualClock } from '@knot/drivers/fake';
import { expect, it } from 'vitest';
import { BytesDoor } from './bytes-door.js';
import { OriginLink } from './origin-link.js';

it('dials only as the leaf of its location: one that stands by would take the link away from it', async () => {
  const clock = new VirtualClock();
  const stop = new AbortController();
  let [acts, dialled] = [false, 0];
  const targets = async () => {
    dialled += 1;
    return [];
  };
  const logger = createLogger({ level: 'error', name: 'test' });
  const door = Object.create(BytesDoor.prototype);
  const link = new OriginLink({ targets, door, credential: () => 'kn', acts: () => acts, clock, logger });
  const running = link.run(stop.signal);
  await clock.advance(60_000);
  expect(dialled).toBe(0);
  acts = true;
  // at once, however long it has stood by
  await clock.advance(250);
  expect(dialled).toBe(1);
  stop.abort();
  await clock.advance(20_000);
  await running;
});
