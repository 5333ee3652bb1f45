import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runningTime, scheduleSentence } from './running-time.js';
import { windowAround, type Schedule } from './schedule.js';

const at = (text: string) => Date.parse(text);
const WORKDAYS = [1, 2, 3, 4, 5];
const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

function schedule(from: string, to: string, change: Partial<Schedule> & { days?: number[] } = {}): Schedule {
  const { days = WORKDAYS, ...rest } = change;
  const windows = [{ days, from: minutes(from), to: minutes(to) }];
  return { timezone: 'UTC', windows, holidays: [], autoStart: false, ...rest };
}

describe('a window', () => {
  const office = schedule('09:00', '17:00', { timezone: 'Australia/Perth' });

  it('begins and ends by the clock of its zone, the end excluded', () => {
    const day = (time: string) => windowAround(office, at(`2026-06-03T${time}+08:00`));
    expect(day('08:59:59')).toMatchObject({ open: false, opensAt: at('2026-06-03T09:00+08:00') });
    expect(day('09:00:00')).toEqual({ open: true, until: at('2026-06-03T17:00+08:00') });
    expect(day('16:59:59').open).toBe(true);
    expect(day('17:00:00')).toEqual({
      open: false,
      since: at('2026-06-03T17:00+08:00'),
      opensAt: at('2026-06-04T09:00+08:00'),
    });
  });

  it('is closed over the weekend and on holidays, and opens after them', () => {
    const friday = at('2026-06-05T18:00+08:00');
    expect(windowAround(office, friday)).toMatchObject({ opensAt: at('2026-06-08T09:00+08:00') });
    const long = { ...office, holidays: ['2026-06-08', '2026-06-09'] };
    expect(windowAround(long, friday)).toMatchObject({ opensAt: at('2026-06-10T09:00+08:00') });
    expect(windowAround(long, at('2026-06-08T12:00+08:00')).open).toBe(false);
  });

  it('goes over midnight, also from the last workday into the weekend', () => {
    const night = schedule('22:00', '06:00');
    expect(windowAround(night, at('2026-06-06T05:59Z'))).toEqual({ open: true, until: at('2026-06-06T06:00Z') });
    expect(windowAround(night, at('2026-06-07T23:00Z')).open).toBe(false);
    expect(windowAround({ ...night, holidays: ['2026-06-05'] }, at('2026-06-06T01:00Z')).open).toBe(false);
  });

  it('touches the next one without a gap, and never ends when all do', () => {
    const always = schedule('00:00', '00:00', { days: [0, 1, 2, 3, 4, 5, 6] });
    expect(windowAround(always, at('2026-06-05T12:00Z'))).toEqual({ open: true, until: null });
    const workdays = schedule('00:00', '00:00');
    expect(windowAround(workdays, at('2026-06-03T12:00Z'))).toEqual({ open: true, until: at('2026-06-06T00:00Z') });
  });

  it('is never there without days', () => {
    expect(windowAround(schedule('09:00', '17:00', { days: [] }), 0)).toEqual({ open: false, since: 0, opensAt: null });
  });

  it('keeps the wall clock over daylight saving: a night has 7 or 9 hours, and no moment is lost', () => {
    const berlin = (from: string, to: string) =>
      schedule(from, to, { timezone: 'Europe/Berlin', days: [0, 1, 2, 3, 4, 5, 6] });
    const hours = (from: string, until: string) => (at(until) - at(from)) / 3_600_000;
    const spring = windowAround(berlin('22:00', '06:00'), at('2026-03-28T23:00Z'));
    expect(spring).toEqual({ open: true, until: at('2026-03-29T06:00+02:00') });
    expect(hours('2026-03-28T22:00+01:00', '2026-03-29T06:00+02:00')).toBe(7);
    expect(windowAround(berlin('22:00', '06:00'), at('2026-10-24T23:00Z'))).toEqual({
      open: true,
      until: at('2026-10-25T06:00+01:00'),
    });
    // 02:30 is skipped in spring and shown twice in autumn: then from the first to the last
    expect(windowAround(berlin('02:30', '02:45'), at('2026-10-25T02:35+02:00'))).toEqual({
      open: true,
      until: at('2026-10-25T02:45+01:00'),
    });
    expect(windowAround(berlin('02:30', '04:00'), at('2026-03-29T03:35+02:00')).open).toBe(true);
  });

  it('says the same of every moment whichever way one asks', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    const window = fc.record({
      days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }),
      from: fc.integer({ min: 0, max: 1439 }),
      to: fc.integer({ min: 0, max: 1439 }),
    });
    const moment = fc.integer({ min: at('2026-01-01'), max: at('2027-12-31') });
    const any = fc.record({ timezone: zones, windows: fc.array(window, { minLength: 1, maxLength: 3 }) });
    fc.assert(
      fc.property(any, moment, (made, now) => {
        const one: Schedule = { ...made, holidays: [], autoStart: true };
        const around = windowAround(one, now);
        if (around.open) {
          if (around.until === null) return;
          expect(around.until).toBeGreaterThan(now);
          expect(windowAround(one, around.until - 1)).toEqual(around);
          expect(windowAround(one, around.until).open).toBe(false);
        } else {
          expect(around.since).toBeLessThanOrEqual(now);
          expect(around.opensAt).not.toBeNull();
          const opensAt = around.opensAt ?? 0;
          expect(windowAround(one, opensAt).open).toBe(true);
          expect(windowAround(one, opensAt - 1)).toMatchObject({ open: false, opensAt });
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the running time of a space', () => {
  const office = schedule('09:00', '17:00');
  const wishedAt = at('2026-06-03T10:00Z');
  const end = at('2026-06-03T17:00Z');

  it('ends with the window of its wish, and another wish begins another', () => {
    const space = { schedule: office, wishedAt };
    expect(runningTime(space, end - 1)).toEqual({ open: true, until: end });
    expect(runningTime(space, end)).toMatchObject({ open: false, since: end, startsAt: null });
    expect(runningTime(space, at('2026-06-04T10:00Z')).open).toBe(false);
    expect(runningTime({ ...space, wishedAt: at('2026-06-04T10:00Z') }, at('2026-06-04T10:00Z')).open).toBe(true);
    expect(scheduleSentence(space, wishedAt)).toMatch(
      /^It stops at Wednesday.* 3 June.* 17:00 \(UTC\), as the schedule/,
    );
    expect(scheduleSentence(space, end)).toMatch(
      /^Its schedule has stopped it; it can be started from .* 09:00 \(UTC\) on\.$/,
    );
  });

  it('comes back with each window where it starts by itself', () => {
    const space = { schedule: { ...office, autoStart: true }, wishedAt };
    expect(runningTime(space, end)).toMatchObject({ open: false, startsAt: at('2026-06-04T09:00Z') });
    expect(runningTime(space, at('2026-06-04T09:00Z')).open).toBe(true);
  });

  it.each([true, false])('goes on as long as it was extended (auto-start %s)', (autoStart) => {
    const extendedUntil = end + 3_600_000;
    const space = { schedule: { ...office, autoStart }, wishedAt, extendedUntil };
    expect(runningTime(space, end)).toEqual({ open: true, until: extendedUntil });
    expect(runningTime(space, extendedUntil)).toMatchObject({ open: false, since: extendedUntil });
  });

  it('never ends without a schedule', () => {
    expect(runningTime({ wishedAt }, end)).toEqual({ open: true, until: null });
    expect(scheduleSentence({ schedule: null, wishedAt }, end)).toBe('');
  });
});
