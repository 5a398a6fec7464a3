/** Opening hours of fleets, by the clock on the wall of the place that they are given for. */
import { describe, expect, it } from 'vitest';
import { isTimeZone, isWithin, type WeeklyWindow } from './schedule.ts';

const OFFICE: WeeklyWindow = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00', timeZone: 'Europe/Berlin' };
const within = (window: WeeklyWindow, instant: string): boolean => isWithin(window, new Date(instant));

describe('a weekly window', () => {
  it('begins and ends by the wall clock of its zone, in winter and in summer', () => {
    expect(within(OFFICE, '2026-01-05T06:59:59Z')).toBe(false);
    expect(within(OFFICE, '2026-01-05T07:00:00Z')).toBe(true);
    expect(within(OFFICE, '2026-01-05T16:59:59Z')).toBe(true);
    expect(within(OFFICE, '2026-01-05T17:00:00Z')).toBe(false);
    expect(within(OFFICE, '2026-07-06T06:00:00Z')).toBe(true);
    expect(within(OFFICE, '2026-07-06T16:00:00Z')).toBe(false);
  });

  it('is of the local day, which is not always the day in UTC', () => {
    const tokyo: WeeklyWindow = { days: ['mon'], from: '07:00', to: '09:00', timeZone: 'Asia/Tokyo' };
    expect(within(tokyo, '2026-01-04T22:30:00Z')).toBe(true);
    expect(within(tokyo, '2026-01-05T22:30:00Z')).toBe(false);
  });

  it('that goes past midnight belongs to the day on which it begins', () => {
    const night: WeeklyWindow = { days: ['fri'], from: '22:00', to: '06:00', timeZone: 'UTC' };
    expect(within(night, '2026-01-09T21:59:00Z')).toBe(false);
    expect(within(night, '2026-01-09T22:00:00Z')).toBe(true);
    expect(within(night, '2026-01-10T05:59:00Z')).toBe(true);
    expect(within(night, '2026-01-10T06:00:00Z')).toBe(false);
    expect(within(night, '2026-01-09T05:00:00Z')).toBe(false);
  });

  it('from midnight to midnight is the whole day', () => {
    const sunday: WeeklyWindow = { days: ['sun'], from: '00:00', to: '00:00', timeZone: 'UTC' };
    expect(within(sunday, '2026-01-11T00:00:00Z')).toBe(true);
    expect(within(sunday, '2026-01-11T23:59:59Z')).toBe(true);
    expect(within(sunday, '2026-01-12T00:00:00Z')).toBe(false);
  });
});

it('knows a time zone from a typing error', () => {
  expect(['UTC', 'Europe/Berlin', 'America/New_York'].map(isTimeZone)).toEqual([true, true, true]);
  expect(['Mars/Olympus', '', '../etc/passwd'].map(isTimeZone)).toEqual([false, false, false]);
});
