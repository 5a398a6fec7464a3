/** Estimates: the same arithmetic as an invoice, software and infrastructure apart, and no guess where a price is missing. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateInfrastructure, estimateSoftware, type Need } from './estimate.ts';
import type { InfrastructurePrice } from './infrastructure.ts';
import { formatRate, parseRate, toMinor } from './money.ts';
import { rate, type PriceSchedule } from './pricing.ts';

const schedule = (hourly: string, perUser: string, bySecond = false): PriceSchedule => ({
  id: 'v1',
  effectiveFrom: new Date('2026-01-05T09:30:00Z'),
  prices: [
    {
      dimension: bySecond ? 'running_seconds' : 'hours',
      description: 'Running machine',
      unit: 'hour',
      rate: parseRate(hourly),
      unitSize: bySecond ? 3_600n : 1n,
    },
    { dimension: 'users', description: 'Active users', unit: 'user', rate: parseRate(perUser), unitSize: 1n },
  ],
});
const month = { machines: 2n, hours: 730n, quantities: new Map([['users', 25n]]) };

describe('software', () => {
  it('is the hours of all machines and the quantities of a month, at the prices in force', () => {
    const estimate = estimateSoftware({ schedule: schedule('0.0837', '1.5'), ...month });
    expect(
      estimate.lines.map(({ quantity, perHour, perMonth }) => [quantity, perHour && formatRate(perHour), formatRate(perMonth)]),
    ).toEqual([
      [1_460n, '0.1674', '122.202'],
      [25n, null, '37.5'],
    ]);
    expect([formatRate(estimate.perHour), formatRate(estimate.perMonth)]).toEqual(['0.1674', '159.702']);
  });

  it('costs the same by the second as by the hour, when whole hours run', () => {
    const [byHour, bySecond] = [false, true].map((by) => estimateSoftware({ schedule: schedule('0.0837', '1.5', by), ...month }));
    expect(bySecond!.perMonth).toBe(byHour!.perMonth);
    expect(bySecond!.perHour).toBe(byHour!.perHour);
  });

  it('says where no quantity was given, and refuses one of what has no price', () => {
    const given = { schedule: schedule('0.1', '1'), ...month };
    expect(estimateSoftware({ ...given, quantities: new Map() }).lines.map((line) => line.isGiven)).toEqual([true, false]);
    expect(() => estimateSoftware({ ...given, quantities: new Map([['hosts', 1n]]) })).toThrow('it has prices for users');
    expect(() => estimateSoftware({ ...given, quantities: new Map([['hours', 1n]]) })).toThrow('no price for "hours"');
  });

  it('is what an invoice of that month would say', () => {
    const decimal = fc.bigInt({ min: 0n, max: 10n ** 15n });
    const natural = fc.bigInt({ min: 0n, max: 10_000n });
    fc.assert(
      fc.property(
        decimal,
        decimal,
        natural,
        natural,
        natural,
        fc.boolean(),
        (hourly, perUser, machines, hours, users, bySecond) => {
          const priced = schedule('0', '0', bySecond);
          priced.prices[0]!.rate = hourly;
          priced.prices[1]!.rate = perUser;
          const estimate = estimateSoftware({ schedule: priced, machines, hours, quantities: new Map([['users', users]]) });
          const usage = [
            {
              day: '2026-01-05',
              dimension: priced.prices[0]!.dimension,
              quantity: hours * machines * priced.prices[0]!.unitSize,
            },
            { day: '2026-01-05', dimension: 'users', quantity: users },
          ];
          const invoiced = rate({ usage, versions: [priced], startedAt: priced.effectiveFrom });
          expect(estimate.lines.map((line) => toMinor(line.perMonth, 'usd'))).toEqual(
            invoiced.map(({ price, amount }) => toMinor(amount, 'usd', price.unitSize)),
          );
        },
      ),
    );
  });
});

describe('infrastructure', () => {
  const price = (need: Need, amount: string): InfrastructurePrice => ({
    region: 'us-east-1',
    kind: need.kind,
    type: need.type,
    currency: 'usd',
    rate: parseRate(amount),
    effectiveFrom: new Date(0),
    source: 'a spec',
  });
  const needs: Need[] = [
    { kind: 'instance', type: 't3.micro', amount: 1n },
    { kind: 'volume', type: 'gp3', amount: 100n },
  ];
  const rates: Record<string, string> = { 't3.micro': '0.0104', gp3: '0.08' };

  it('is the hours of machines, and storage by the month, whether they run or not', () => {
    const estimate = estimateInfrastructure({ needs, ...month, priceOf: (need) => price(need, rates[need.type]!) });
    expect(estimate.lines.map(({ perHour, perMonth }) => [perHour && formatRate(perHour), formatRate(perMonth!)])).toEqual([
      ['0.0208', '15.184'],
      [null, '16'],
    ]);
    expect([formatRate(estimate.perHour!), formatRate(estimate.perMonth!)]).toEqual(['0.0208', '31.184']);
  });

  it('is not known when one price is not', () => {
    const estimate = estimateInfrastructure({
      needs,
      ...month,
      priceOf: (need) => (need.kind === 'volume' ? undefined : price(need, '0.0104')),
    });
    expect(estimate).toMatchObject({ perHour: parseRate('0.0208'), perMonth: null });
    expect(estimate.lines.map((line) => line.perMonth && formatRate(line.perMonth))).toEqual(['15.184', null]);
  });
});
