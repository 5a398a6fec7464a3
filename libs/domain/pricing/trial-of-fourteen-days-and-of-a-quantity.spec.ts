/** Fourteen days for nothing, or the first five hundred scans: what comes after costs, or does not until Globex says yes. */
import { describe, expect, it } from 'vitest';
import { parseRate } from '../money.ts';
import { amounts, metered, parts, priceOf, rated, used } from '#testing/prices.ts';
import { billableFrom, remindAt, trialUntil, type AgreedTrial } from './trial.ts';

const startedAt = new Date('2026-01-05T09:20:00Z');
const days = (afterwards: 'ends' | 'converts', convertedAt: string | null = null): AgreedTrial => ({
  of: { days: 14 },
  afterwards,
  convertedAt: convertedAt === null ? null : new Date(convertedAt),
});

describe('a trial of days', () => {
  const prices = [metered('users', '1'), priceOf('support', { model: 'monthly', rate: parseRate('31') }, 'month')];
  const usage = [used('2026-01-05', 'users', 7n), used('2026-01-19', 'users', 11n), used('2026-01-20', 'users', 13n)];
  const january = (trial: AgreedTrial) => rated({ prices, usage, agreement: { startedAt, trial } });

  it('lasts to the end of its last whole day, with a reminder three days before', () => {
    expect(trialUntil(startedAt, 14).toISOString()).toBe('2026-01-20T00:00:00.000Z');
    expect(remindAt(trialUntil(startedAt, 14)).toISOString()).toBe('2026-01-17T00:00:00.000Z');
  });

  it('that converts charges what comes after it', () => {
    expect(amounts(january(days('converts')))).toEqual(['support 1036800: 12', 'users 31: 13']);
    expect(parts(january(days('converts')))).toEqual(['free trial: 18 × 0', ': 13 × 1']);
  });

  it('that ends charges nothing, however late it is noticed', () => {
    expect(amounts(january(days('ends')))).toEqual(['users 31: 0']);
  });

  it('that ends charges from its end on when the buyer said yes before, from the next day on when later', () => {
    expect(amounts(january(days('ends', '2026-01-10T08:00:00Z')))).toEqual(['support 1036800: 12', 'users 31: 13']);
    expect(billableFrom(startedAt, days('ends', '2026-01-22T08:00:00Z'))?.toISOString()).toBe('2026-01-23T00:00:00.000Z');
    expect(billableFrom(startedAt, days('ends', '2026-01-22T00:00:00Z'))?.toISOString()).toBe('2026-01-22T00:00:00.000Z');
    expect(billableFrom(startedAt, days('ends'))).toBeNull();
  });
});

describe('a trial of a quantity', () => {
  const prices = [metered('scans', '1', 10n), metered('users', '2')];
  const of = { dimension: 'scans', quantity: 500n };
  const month = (trial: AgreedTrial, before = 0n) =>
    rated({
      prices,
      usage: [used('2026-01-06', 'scans', 400n), used('2026-01-07', 'scans', 200n), used('2026-01-07', 'users', 3n)],
      usedBefore: (dimension) => (dimension === 'scans' ? before : 0n),
      agreement: { startedAt, trial },
    });

  it('gives so many units of one dimension once, before the month’s included ones, and nothing else', () => {
    const charges = month({ of, afterwards: 'converts', convertedAt: null });
    expect(amounts(charges)).toEqual(['scans 600: 90', 'users 3: 6']);
    expect(parts(charges)).toEqual(['free trial: 500 × 0', 'included: 10 × 0', ': 90 × 1']);
    expect(amounts(month({ of, afterwards: 'converts', convertedAt: null }, 450n))).toEqual(['scans 600: 540', 'users 3: 6']);
    expect(amounts(month({ of, afterwards: 'converts', convertedAt: null }, 900n))).toEqual(['scans 600: 590', 'users 3: 6']);
  });

  it('that ends charges none of that dimension before the buyer has said yes', () => {
    expect(amounts(month({ of, afterwards: 'ends', convertedAt: null }))).toEqual(['scans 600: 0', 'users 3: 6']);
    // Said on the 7th: the 400 of the day before used up most of the trial.
    expect(amounts(month({ of, afterwards: 'ends', convertedAt: new Date('2026-01-07T15:00:00Z') }))).toEqual([
      'scans 600: 90',
      'users 3: 6',
    ]);
  });
});
