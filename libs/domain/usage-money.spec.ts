import { describe, expect, it } from 'vitest';
import { moneyStateOf, type PeriodMoney } from './usage-money.ts';

const january: PeriodMoney = {
  startsAt: new Date('2026-01-05T09:20:00Z'),
  endsAt: new Date('2026-02-01T00:00:00Z'),
  dimension: 'users',
  state: 'collected',
};

describe('the money state of usage', () => {
  it('is that of the period whose day it is, also in the hours before a subscription began on its first day', () => {
    expect(moneyStateOf([january], { day: '2026-01-05', dimension: 'users' })).toBe('collected');
    expect(moneyStateOf([january], { day: '2026-01-31', dimension: 'users' })).toBe('collected');
  });

  it('is metered where nothing was charged yet', () => {
    expect(moneyStateOf([january], { day: '2026-02-01', dimension: 'users' })).toBe('metered');
    expect(moneyStateOf([january], { day: '2026-01-04', dimension: 'users' })).toBe('metered');
    expect(moneyStateOf([january], { day: '2026-01-31', dimension: 'hours' })).toBe('metered');
    expect(moneyStateOf([], { day: '2026-01-31', dimension: 'users' })).toBe('metered');
  });
});
