import { describe, expect, it } from 'vitest';
import type { Schedule } from '../api/schemas.js';
import { newSchedule, scheduleDraftOf, scheduleLines, scheduleOf, scheduleProblem } from './schedule-draft.js';

const schedule: Schedule = {
  windows: [
    { days: [1, 2, 3, 4, 5], from: 480, to: 1_110 },
    { days: [0, 6], from: 1_320, to: 120 },
  ],
  timezone: 'Europe/Berlin',
  holidays: ['2026-12-25', '2026-12-26'],
  autoStart: true,
};

describe('the fields of a schedule', () => {
  it('hold it as it is', () => {
    expect(scheduleOf(scheduleDraftOf(schedule))).toEqual(schedule);
    expect(scheduleDraftOf(schedule)?.windows[0]).toEqual({ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:30' });
    expect(scheduleOf(scheduleDraftOf(null))).toBeNull();
  });

  it('say what is missing', () => {
    const draft = { ...newSchedule(), timezone: 'Europe/Berlin' };
    expect(scheduleProblem(null)).toBeNull();
    expect(scheduleProblem(draft)).toBeNull();
    expect(scheduleProblem({ ...draft, timezone: 'Europe/Nowhere' })).toBe('There is no such time zone.');
    expect(scheduleProblem({ ...draft, holidays: '2026-12-25\n25.12.' })).toContain('25.12.');
    expect(scheduleProblem({ ...draft, holidays: '2026-13-01' })).toContain('2026-13-01');
    expect(scheduleProblem({ ...draft, windows: [{ days: [], from: '08:00', to: '09:00' }] })).toContain('day');
  });

  it('are told in lines', () => {
    expect(scheduleLines(schedule)).toEqual([
      'Mon – Fri 08:00 – 18:30',
      'Sat, Sun 22:00 – 02:00 (ends on the next day)',
      'Europe/Berlin, starts again by itself, 2 days off',
    ]);
  });
});
