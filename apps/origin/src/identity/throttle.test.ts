import { describe, expect, it } from 'vitest';
import { signInLimits, Throttle, type ThrottleNews } from './throttle.js';

/** As Redis carries them between two origins. */
function connected(): [ThrottleNews, ThrottleNews] {
  const hearers: [((text: string) => void)[], ((text: string) => void)[]] = [[], []];
  const end = (own: 0 | 1): ThrottleNews => ({
    say: (text) => hearers[own === 0 ? 1 : 0].forEach((hear) => hear(text)),
    hear: (listener) => void hearers[own].push(listener),
  });
  return [end(0), end(1)];
}

describe('Throttle', () => {
  const clock = { now: () => 1_000 };
  const limits = signInLimits('ada', '::1');

  it('counts what failed at another origin, and takes back what succeeded there', () => {
    const [here, there] = connected();
    const [first, second] = [new Throttle(clock, here), new Throttle(clock, there)];
    for (let attempt = 0; attempt < 5; attempt += 1) first.begin(limits);
    expect(() => second.begin(limits)).toThrow('Too many attempts');
    first.succeed(limits);
    second.begin(limits);
    expect(() => first.begin(limits)).toThrow('Too many attempts');
  });

  it('heeds nothing that is no news of its own', () => {
    const [here, there] = connected();
    const throttle = new Throttle(clock, here);
    for (const text of ['{}', '[1]', '["other","pair/ada/::1"]']) there.say(text);
    expect(() => throttle.begin(limits)).not.toThrow();
  });
});
