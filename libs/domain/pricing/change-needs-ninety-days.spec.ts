/** Acme may lower a price at once; to raise one it gives 90 days' notice, and the new one begins with a month. */
import { describe, expect, it } from 'vitest';
import { parseRate } from '../money.ts';
import { metered, priceOf, tiers } from '#testing/prices.ts';
import { changeOf, earliestFrom, isStart } from './change.ts';
import type { Price } from './price.ts';

const change = (before: Price[], after: Price[], [old, next]: [string | null, string | null] = [null, null]) =>
  changeOf(
    { prices: before, minimumSpend: old === null ? null : parseRate(old) },
    { prices: after, minimumSpend: next === null ? null : parseRate(next) },
  );
const graduated = (...steps: Parameters<typeof tiers>) =>
  priceOf('scans', { model: 'graduated', tiers: tiers(...steps), included: 0n });

describe('a change', () => {
  it('is a decrease when nobody pays more, whatever they use', () => {
    expect(change([metered('users', '1')], [metered('users', '0.99')])).toBe('decrease');
    expect(change([metered('users', '1')], [metered('users', '1', 5n)])).toBe('decrease');
    expect(change([graduated(['10', '1'], [null, '0.5'])], [graduated(['10', '1'], [null, '0.4'])])).toBe('decrease');
    expect(change([metered('users', '1')], [metered('users', '1')], ['100', null])).toBe('decrease');
  });

  it('is an increase when somebody might', () => {
    expect(change([metered('users', '1')], [metered('users', '1.000000000001')])).toBe('increase');
    expect(change([metered('users', '1', 5n)], [metered('users', '0.5', 4n)])).toBe('increase');
    expect(change([graduated(['10', '1'], [null, '0.5'])], [graduated(['11', '1'], [null, '0.5'])])).toBe('increase');
    expect(change([metered('users', '1')], [metered('users', '0.5')], [null, '1'])).toBe('increase');
    expect(change([metered('users', '1'), metered('scans', '1')], [metered('users', '0.1'), metered('scans', '1.1')])).toBe(
      'increase',
    );
  });

  it('of the model is one too: nobody can say for whom it is cheaper', () => {
    expect(change([metered('scans', '1')], [graduated([null, '0.5'])])).toBe('increase');
  });

  it('to another set of dimensions, or to the same prices, is none', () => {
    expect(() => change([metered('users', '1')], [metered('seats', '1')])).toThrow('make a new offer');
    expect(() => change([metered('users', '1')], [metered('users', '1'), metered('seats', '1')])).toThrow('make a new offer');
    expect(() => change([metered('users', '1')], [metered('users', '1')])).toThrow('hold already');
    const hourly = (minimumSeconds: number) =>
      priceOf('running_seconds', {
        model: 'hourly',
        instanceType: null,
        rate: 1n,
        increment: 'second',
        minimumSeconds,
        included: 0n,
      });
    expect(() => change([hourly(60)], [hourly(0)])).toThrow('make a new offer');
  });

  it('takes a length of contract away only with notice, and may add one', () => {
    const contract = (...lengths: number[]) =>
      priceOf('seats', { model: 'contract', options: lengths.map((months) => ({ months, rate: 100n, instalments: null })) });
    expect(change([contract(12, 24)], [contract(12)])).toBe('increase');
    expect(change([contract(12)], [contract(12, 24)])).toBe('decrease');
  });
});

describe('the day it holds from', () => {
  const newest = new Date('2026-01-05T09:20:00Z');
  const from = (kind: 'increase' | 'decrease', now: string, since = newest): string =>
    earliestFrom(kind, { now: new Date(now), newest: since }).toISOString();

  it('is today for a decrease, and tomorrow when today has a price of its own', () => {
    expect(from('decrease', '2026-03-10T15:00:00Z')).toBe('2026-03-10T00:00:00.000Z');
    expect(from('decrease', '2026-01-05T15:00:00Z')).toBe('2026-01-06T00:00:00.000Z');
    expect(from('decrease', '2026-03-10T15:00:00Z', new Date('2026-03-10T00:00:00Z'))).toBe('2026-03-11T00:00:00.000Z');
  });

  it('is the first of a month for an increase, 90 days ahead at least', () => {
    expect(from('increase', '2026-01-10T15:00:00Z')).toBe('2026-05-01T00:00:00.000Z');
    expect(from('increase', '2026-03-03T00:00:00Z')).toBe('2026-06-01T00:00:00.000Z');
    expect(from('increase', '2026-03-03T00:00:01Z')).toBe('2026-07-01T00:00:00.000Z');
  });

  it('is the start of a day, or of a month', () => {
    expect(isStart('decrease', new Date('2026-03-10T00:00:00Z'))).toBe(true);
    expect(isStart('decrease', new Date('2026-03-10T01:00:00Z'))).toBe(false);
    expect(isStart('increase', new Date('2026-03-10T00:00:00Z'))).toBe(false);
    expect(isStart('increase', new Date('2026-03-01T00:00:00Z'))).toBe(true);
  });
});
