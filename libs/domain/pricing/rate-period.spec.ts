/** Rating is exact, in total and in every part, and the price of the day applies. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from '../invoice.ts';
import { divideHalfUp, formatRate, toMinor } from '../money.ts';
import { agreementOf, amounts, metered, priceOf, rated, tiers, used, versionOf } from '#testing/prices.ts';
import { perUnit } from './per-unit.ts';
import { amountOf, type Price, type Terms } from './price.ts';
import { parseRate } from '../money.ts';
import { versionAt } from './versions.ts';

const startedAt = new Date('2026-01-05T09:20:00Z');
const dayOfJanuary = (index: number): string => `2026-01-${String(index + 1).padStart(2, '0')}`;
const seconds = (rate: bigint): Price =>
  priceOf('running_seconds', {
    model: 'hourly',
    instanceType: null,
    rate,
    increment: 'second',
    minimumSeconds: 60,
    included: 0n,
  });

describe('rating', () => {
  it('is exact: 370 hours at 0.0837 are 30.969, with nothing rounded', () => {
    const due = (rate: string, quantity: bigint): string =>
      formatRate(amountOf(perUnit(quantity, { rate: parseRate(rate) }), 1n));
    expect(due('0.0837', 370n)).toBe('30.969');
    expect(due('0.000000000001', 2_147_483_647_000_000n)).toBe('2147.483647');
  });

  it('comes to the same whether days are rated one by one or together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 2n ** 60n }), { minLength: 1, maxLength: 31 }),
        fc.bigInt({ min: 0n, max: 10n ** 18n }),
        (days, rate) => {
          const usage = days.map((quantity, index) => used(dayOfJanuary(index), 'users', quantity));
          const [charge] = rated({ usage, prices: [priceOf('users', { model: 'metered', rate, included: 0n })] });
          return charge!.amount === days.reduce((sum, quantity) => sum + quantity * rate, 0n);
        },
      ),
    );
  });

  it('is exact for seconds that are priced by the hour, and divides once, where it rounds', () => {
    // 73 h 12 min 5 s at 0.25 an hour are 18.30034722… USD.
    const [charge] = rated({
      usage: [used('2026-01-06', 'running_seconds', 73n * 3600n + 12n * 60n + 5n)],
      prices: [seconds(parseRate('0.25'))],
    });
    expect(toMinor(charge!.amount, 'usd', charge!.unitSize)).toBe(1830n);
    // Exactly half a cent goes up, a second less does not.
    const due = (quantity: bigint): bigint => {
      const rounded = amountOf(perUnit(quantity, { rate: parseRate('0.18'), unitSize: 3600n }), 3600n);
      return toMinor(rounded, 'usd', 3600n);
    };
    expect(due(100n)).toBe(1n);
    expect(due(99n)).toBe(0n);
  });

  it('rounds seconds as the fraction of all of them would be, in however many days they came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 86_400_000n }), { minLength: 1, maxLength: 31 }),
        fc.bigInt({ min: 0n, max: 10n ** 16n }),
        fc.constantFrom(['usd', 2n] as const, ['jpy', 0n] as const, ['kwd', 3n] as const),
        (days, hourly, [currency, exponent]) => {
          const usage = days.map((quantity, index) => used(dayOfJanuary(index), 'running_seconds', quantity));
          const charges = rated({ usage, prices: [seconds(hourly)] }).map((charge) => ({ ...charge, currency }));
          const all = days.reduce((sum, quantity) => sum + quantity, 0n);
          const exact = { numerator: all * hourly * 10n ** exponent, denominator: 3600n * 10n ** 12n };
          return linesOf(charges, 2000).totalMinor === divideHalfUp(exact.numerator, exact.denominator);
        },
      ),
    );
  });

  it('makes two charges of a price that changes in mid-month: each day at its own', () => {
    const versions = [
      versionOf('old', '2026-01-05T09:20:00Z', [metered('users', '1')]),
      versionOf('new', '2026-01-21T00:00:00Z', [metered('users', '2')]),
    ];
    const usage = ['2026-01-05', '2026-01-20', '2026-01-21'].map((day) => used(day, 'users', 10n));
    expect(
      rated({ usage, versions, agreement: { startedAt } }).map((charge) => [
        charge.priceVersionId,
        charge.quantity,
        formatRate(charge.amount),
      ]),
    ).toEqual([
      ['old', 20n, '20'],
      ['new', 10n, '20'],
    ]);
  });

  it('takes corrections off, and does not charge less than nothing', () => {
    const prices = [metered('users', '1')];
    const some = used('2026-01-06', 'users', 10n);
    expect(rated({ usage: [some, { ...some, quantity: -4n }], prices })[0]!.quantity).toBe(6n);
    expect(() => rated({ usage: [some, { ...some, quantity: -11n }], prices })).toThrow('cannot be charged');
  });

  it('has no price before the first, nor for what nobody priced', () => {
    const versions = [versionOf('a', '2026-01-05T09:20:00Z', [metered('users', '1')])];
    expect(() => versionAt(versions, new Date('2026-01-05T09:19:59Z'))).toThrow('No price was in force');
    const usage = [used('2026-01-06', 'gigabytes', 1n)];
    expect(() => rated({ usage, versions, agreement: agreementOf({ startedAt }) })).toThrow('no price for it');
  });

  it('charges nothing for what is free, or what the buyer has a licence for', () => {
    expect(rated({ prices: [priceOf('free', { model: 'free' }), priceOf('byol', { model: 'byol' })] })).toEqual([]);
  });

  it('has the same charges in the same order however its input is ordered', () => {
    const prices = [
      metered('users', '1.5'),
      metered('gigabytes', '0.1'),
      priceOf('support', { model: 'monthly', rate: parseRate('9') }),
    ];
    const usage = [used('2026-01-06', 'users', 3n), used('2026-01-02', 'gigabytes', 7n), used('2026-01-02', 'users', 1n)];
    const twice = [rated({ usage, prices }), rated({ usage: usage.toReversed(), prices: prices.toReversed() })];
    expect(amounts(twice[0]!)).toEqual(['gigabytes 7: 0.7', 'support 2678400: 9', 'users 4: 6']);
    expect(amounts(twice[1]!)).toEqual(amounts(twice[0]!));
  });

  it('is one charge per price version whose quantities sum to what was used, in every model', () => {
    const models: fc.Arbitrary<Terms> = fc.constantFrom<Terms>(
      { model: 'metered', rate: parseRate('0.7'), included: 3n },
      { model: 'graduated', tiers: tiers(['10', '1', '5'], ['100', '0.5'], [null, '0.25', '2']), included: 4n },
      { model: 'volume', tiers: tiers(['10', '1', '5'], ['100', '0.5'], [null, '0.25', '2']), included: 0n },
      { model: 'package', size: 7n, rate: parseRate('3'), included: 5n },
    );
    fc.assert(
      fc.property(
        models,
        fc.array(fc.bigInt({ min: 0n, max: 60n }), { minLength: 31, maxLength: 31 }),
        fc.integer({ min: 2, max: 31 }),
        (terms, days, change) => {
          const usage = days.map((quantity, index) => used(dayOfJanuary(index), 'scans', quantity));
          const one = rated({ usage, prices: [priceOf('scans', terms)] });
          const two = rated({
            usage,
            versions: [
              versionOf('old', '2026-01-01T00:00:00Z', [priceOf('scans', terms)]),
              versionOf('new', `${dayOfJanuary(change - 1)}T00:00:00Z`, [priceOf('scans', terms)]),
            ],
          });
          const quantity = (charges: typeof one): bigint => charges.reduce((sum, charge) => sum + charge.quantity, 0n);
          const due = (charges: typeof one): bigint => charges.reduce((sum, charge) => sum + charge.amount, 0n);
          // A version with the same prices changes nothing but the number of lines.
          expect(due(two)).toBe(due(one));
          expect(quantity(two)).toBe(quantity(one));
          expect(quantity(one)).toBe(days.reduce((sum, each) => sum + each, 0n));
          for (const charge of [...one, ...two])
            if (charge.parts.length > 0) expect(amountOf(charge.parts, charge.unitSize)).toBe(charge.amount);
        },
      ),
    );
  });
});
