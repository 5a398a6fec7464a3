import { describe, expect, it } from 'vitest';
import { refusalOf, type ReportedOn, type ReportedUsage } from './usage-report.ts';

const now = new Date('2026-01-05T15:20:00Z');
const terms = {
  now,
  window: { from: new Date('2026-01-04T15:00:00Z'), to: new Date('2026-01-05T15:25:00Z') },
  graceMinutes: 60,
};
const about: ReportedOn = { startedAt: new Date('2026-01-05T09:30:00Z'), endedAt: null, dimensions: new Set(['users']) };
const report = (given: Partial<ReportedUsage> = {}): ReportedUsage => ({
  at: now,
  dimension: 'users',
  quantity: 5,
  allocations: [],
  ...given,
});
const refused = (given: Partial<ReportedUsage>, of: Partial<ReportedOn> = {}) =>
  refusalOf(report(given), { ...about, ...of }, terms);

describe('a report of usage', () => {
  it('is taken when no rule is broken', () => {
    expect(refused({})).toBeUndefined();
    expect(refused({ quantity: 0, at: terms.window.to })).toBeUndefined();
  });

  it('is refused before the hour in which the subscription, or the machine, began', () => {
    expect(refused({ at: new Date('2026-01-05T09:00:00Z') })).toBeUndefined();
    expect(refused({ at: new Date('2026-01-05T08:59:59Z') })).toBe('time_out_of_window');
    const machineSince = new Date('2026-01-05T12:30:00Z');
    expect(refused({ at: new Date('2026-01-05T12:00:00Z') }, { machineSince })).toBeUndefined();
    expect(refused({ at: new Date('2026-01-05T11:59:59Z') }, { machineSince })).toBe('time_out_of_window');
  });

  it('is refused outside of the window, after the end, and for what is not metered', () => {
    expect(refused({ at: new Date('2026-01-05T15:25:00.001Z') })).toBe('time_out_of_window');
    expect(refused({}, { endedAt: new Date('2026-01-05T14:20:00Z') })).toBe('subscription_ended');
    expect(refused({ at: new Date('2026-01-05T14:00:00Z') }, { endedAt: new Date('2026-01-05T14:20:01Z') })).toBeUndefined();
    expect(refused({ dimension: 'hours' })).toBe('dimension_not_metered');
  });

  it('is refused when its parts are not the whole', () => {
    expect(refused({ allocations: [{ quantity: 4, tags: [] }] })).toBe('invalid_allocations');
    const tag = { key: 'team', value: 'red' };
    expect(refused({ allocations: [{ quantity: 5, tags: [tag, tag] }] })).toBe('invalid_tags');
  });
});
