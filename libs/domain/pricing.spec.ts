/** Rating is exact, in total and in every part, and the price of the day applies. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf } from './invoice.ts';
import { divideHalfUp, formatRate, parseRate, toMinor } from './money.ts';
import { amountPerUnit, rate, versionAt, type PriceSchedule } from './pricing.ts';

const price = (dimension: string, unitPrice: string) => ({
  dimension,
  description: dimension,
  unit: 'unit',
  rate: parseRate(unitPrice),
  unitSize: 1n,
});
const version = (id: string, effectiveFrom: string, ...prices: PriceSchedule['prices']): PriceSchedule => ({
  id,
  effectiveFrom: new Date(effectiveFrom),
  prices,
});
const startedAt = new Date('2026-01-05T09:20:00Z');

describe('rating', () => {
  it('is exact: 370 hours at 0.0837 are 30.969, with nothing rounded', () => {
    expect(formatRate(amountPerUnit(price('hours', '0.0837'), 370n))).toBe('30.969');
    expect(formatRate(amountPerUnit(price('calls', '0.000000000001'), 2_147_483_647_000_000n))).toBe('2147.483647');
  });

  it('comes to the same whether days are rated one by one or together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 2n ** 60n }), { minLength: 1, maxLength: 31 }),
        fc.bigInt({ min: 0n, max: 10n ** 18n }),
        (days, unit) => {
          const versions = [
            version('a', '2026-01-01', { dimension: 'users', description: '', unit: '', rate: unit, unitSize: 1n }),
          ];
          const usage = days.map((quantity, index) => ({
            day: `2026-01-${String(index + 1).padStart(2, '0')}`,
            dimension: 'users',
            quantity,
          }));
          const [charge] = rate({ usage, versions, startedAt });
          return charge!.amount === days.reduce((sum, quantity) => sum + quantity * unit, 0n);
        },
      ),
    );
  });

  it('is exact for seconds that are priced by the hour, and divides once, where it rounds', () => {
    const hour = { ...price('running_seconds', '0.25'), unitSize: 3600n };
    // 73 h 12 min 5 s at 0.25 an hour are 18.30034722… USD.
    const [charge] = rate({
      usage: [{ day: '2026-01-06', dimension: 'running_seconds', quantity: 73n * 3600n + 12n * 60n + 5n }],
      versions: [version('a', '2026-01-01', hour)],
      startedAt,
    });
    expect(toMinor(charge!.amount, 'usd', charge!.price.unitSize)).toBe(1830n);
    // Exactly half a cent goes up, a second less does not.
    expect(toMinor(amountPerUnit(price('s', '0.18'), 100n), 'usd', 3600n)).toBe(1n);
    expect(toMinor(amountPerUnit(price('s', '0.18'), 99n), 'usd', 3600n)).toBe(0n);
  });

  it('rounds seconds as the fraction of all of them would be, in however many days they came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 86_400_000n }), { minLength: 1, maxLength: 31 }),
        fc.bigInt({ min: 0n, max: 10n ** 16n }),
        fc.constantFrom(['usd', 2n], ['jpy', 0n], ['kwd', 3n]),
        (days, hourly, [currency, exponent]) => {
          const versions = [
            version('a', '2026-01-01', {
              dimension: 'running_seconds',
              description: '',
              unit: 'hour',
              rate: hourly,
              unitSize: 3600n,
            }),
          ];
          const usage = days.map((quantity, index) => ({
            day: `2026-01-${String(index + 1).padStart(2, '0')}`,
            dimension: 'running_seconds',
            quantity,
          }));
          const charges = rate({ usage, versions, startedAt }).map(({ amount, price: { unitSize } }) => ({
            amount,
            unitSize,
            currency: String(currency),
          }));
          const all = days.reduce((sum, quantity) => sum + quantity, 0n);
          const exact = { numerator: all * hourly * 10n ** BigInt(exponent), denominator: 3600n * 10n ** 12n };
          return linesOf(charges, 2000).totalMinor === divideHalfUp(exact.numerator, exact.denominator);
        },
      ),
    );
  });

  it('makes two charges of a price that changes in mid-month: each day at its own', () => {
    const versions = [
      version('old', '2026-01-05T09:20:00Z', price('users', '1')),
      version('new', '2026-01-20T13:00:00Z', price('users', '2')),
    ];
    const usage = ['2026-01-05', '2026-01-20', '2026-01-21'].map((day) => ({ day, dimension: 'users', quantity: 10n }));
    expect(
      rate({ usage, versions, startedAt }).map((charge) => [charge.priceVersionId, charge.quantity, formatRate(charge.amount)]),
    ).toEqual([
      ['old', 20n, '20'],
      ['new', 10n, '20'],
    ]);
  });

  it('takes corrections off, and does not charge less than nothing', () => {
    const versions = [version('a', '2026-01-01', price('users', '1'))];
    const used = { day: '2026-01-06', dimension: 'users', quantity: 10n };
    expect(rate({ usage: [used, { ...used, quantity: -4n }], versions, startedAt })[0]!.quantity).toBe(6n);
    expect(() => rate({ usage: [used, { ...used, quantity: -11n }], versions, startedAt })).toThrow('cannot be charged');
  });

  it('has no price before the first, nor for what nobody priced', () => {
    const versions = [version('a', '2026-01-05T09:20:00Z', price('users', '1'))];
    expect(() => versionAt(versions, new Date('2026-01-05T09:19:59Z'))).toThrow('No price was in force');
    expect(() => rate({ usage: [{ day: '2026-01-06', dimension: 'gigabytes', quantity: 1n }], versions, startedAt })).toThrow(
      'no price for it',
    );
  });
});
