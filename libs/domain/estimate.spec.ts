/** Estimates: the same arithmetic as an invoice, software and infrastructure apart, and no guess where a price is missing. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateInfrastructure, estimateSoftware, type Need } from './estimate.ts';
import type { InfrastructurePrice } from './infrastructure.ts';
import { formatRate, parseRate } from './money.ts';
import type { Price, PriceVersion } from './pricing/price.ts';

const running = (rate: string, bySecond = false): Price => ({
  model: 'hourly',
  dimension: bySecond ? 'running_seconds' : 'hours',
  description: 'Running machine',
  unit: 'hour',
  instanceType: null,
  rate: parseRate(rate),
  increment: bySecond ? 'second' : 'hour',
  minimumSeconds: 0,
  included: 0n,
});
const perUser = (rate: string): Price => ({
  model: 'metered',
  dimension: 'users',
  description: 'Active users',
  unit: 'user',
  rate: parseRate(rate),
  included: 0n,
});
const version = (...prices: Price[]): PriceVersion => ({
  id: 'v1',
  effectiveFrom: new Date('2026-01-05T09:30:00Z'),
  prices,
  minimumSpend: null,
});
const month = { machines: 2n, hours: 730n, quantities: new Map([['users', 25n]]) };
const usual = { currency: 'usd', instanceType: 't3.micro', infrastructurePerMonth: null, ...month };

describe('software', () => {
  it('is the hours of all machines and the quantities of a month, at the prices in force', () => {
    const estimate = estimateSoftware({ ...usual, version: version(running('0.0837'), perUser('1.5')) });
    expect(
      estimate.lines.map(({ quantity, perHour, perMonth }) => [quantity, perHour && formatRate(perHour), formatRate(perMonth)]),
    ).toEqual([
      [1_460n, '0.1674', '122.202'],
      [25n, null, '37.5'],
    ]);
    expect([formatRate(estimate.perHour), formatRate(estimate.perMonth)]).toEqual(['0.1674', '159.702']);
  });

  it('costs the same by the second as by the hour, when whole hours run', () => {
    const [byHour, bySecond] = [false, true].map((by) =>
      estimateSoftware({ ...usual, version: version(running('0.0837', by), perUser('1.5')) }),
    );
    expect(bySecond!.perMonth).toBe(byHour!.perMonth);
    expect(bySecond!.perHour).toBe(byHour!.perHour);
  });

  it('says where no quantity was given, and refuses one of what has no price', () => {
    const given = { ...usual, version: version(running('0.1'), perUser('1')) };
    expect(estimateSoftware({ ...given, quantities: new Map() }).lines.map((line) => line.isGiven)).toEqual([true, false]);
    expect(() => estimateSoftware({ ...given, quantities: new Map([['hosts', 1n]]) })).toThrow('it has prices for users');
    expect(() => estimateSoftware({ ...given, quantities: new Map([['hours', 1n]]) })).toThrow('no price for "hours"');
  });

  it('takes the price of the instance type, tiers, months and a share of the infrastructure', () => {
    const own = { ...running('0.5'), dimension: 'hours.m5.large', instanceType: 'm5.large' } as Price;
    const tiered: Price = {
      model: 'graduated',
      dimension: 'users',
      description: 'Active users',
      unit: 'user',
      included: 5n,
      tiers: [
        { upTo: 10n, rate: parseRate('2'), flat: 0n },
        { upTo: null, rate: parseRate('1'), flat: 0n },
      ],
    };
    const byMonth: Price = {
      model: 'monthly',
      dimension: 'support',
      description: 'Support',
      unit: 'month',
      rate: parseRate('99'),
    };
    const share: Price = {
      model: 'infrastructure',
      dimension: 'share',
      description: 'Of AWS',
      unit: 'share',
      basisPoints: 1_000n,
    };
    const estimate = estimateSoftware({
      ...usual,
      instanceType: 'm5.large',
      version: version(running('0.1'), own, tiered, byMonth, share),
      infrastructurePerMonth: parseRate('31.184'),
    });
    const lines = new Map(estimate.lines.map((line) => [line.charge.dimension, formatRate(line.perMonth)]));
    // Twenty users are charged: ten at 2, ten at 1.
    expect(Object.fromEntries(lines)).toEqual({ 'hours.m5.large': '730', users: '30', support: '99', share: '3.1184' });
    expect(formatRate(estimate.perHour)).toBe('1');
  });

  it('does not guess a share of what is not known', () => {
    const share: Price = { model: 'infrastructure', dimension: 'share', description: 'Of AWS', unit: 'share', basisPoints: 1n };
    expect(() => estimateSoftware({ ...usual, quantities: new Map(), version: version(share) })).toThrow('not known');
  });

  it('is exact whatever the prices', () => {
    const decimal = fc.bigInt({ min: 0n, max: 10n ** 15n });
    const natural = fc.bigInt({ min: 0n, max: 10_000n });
    fc.assert(
      fc.property(decimal, decimal, natural, natural, natural, fc.boolean(), (hourly, user, machines, hours, users, bySecond) => {
        const prices = [running(formatRate(hourly), bySecond), perUser(formatRate(user))];
        const quantities = new Map([['users', users]]);
        const { perMonth } = estimateSoftware({ ...usual, version: version(...prices), machines, hours, quantities });
        expect(perMonth).toBe(hourly * machines * hours + user * users);
      }),
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
