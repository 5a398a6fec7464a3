/** Prices of AWS's machines and what running costs at them: exact, and never what was not known at the hour. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amountOf,
  costOfRuns,
  inOneCurrency,
  planImport,
  priceAt,
  type GivenPrice,
  type InfrastructurePrice,
} from './infrastructure.ts';
import { formatRate, parseRate } from './money.ts';
import type { Run } from './runtime.ts';

const at = (time: string): Date => new Date(time.length > 13 ? time : `2026-01-05T${time.padEnd(8, ':00')}Z`);
const run = (from: string, to: string): Run => ({ from: at(from), to: at(to) });
const price = (rate: string, from = '2026-01-01T00:00:00Z', currency = 'usd'): InfrastructurePrice => ({
  region: 'us-east-1',
  kind: 'instance',
  type: 't3.micro',
  currency,
  rate: parseRate(rate),
  effectiveFrom: at(from),
  source: 'a spec',
});
const january = { from: new Date('2026-01-01T00:00:00Z'), to: new Date('2026-02-01T00:00:00Z') };

describe('what running costs', () => {
  it('is each second at the price of its hour', () => {
    const prices = [price('0.0104'), price('0.0208', '11:00')];
    const cost = costOfRuns([run('10:30', '12:00')], prices, january);
    expect(cost.lines.map((line) => [line.seconds, formatRate(amountOf(line.exact))])).toEqual([
      [1_800n, '0.0052'],
      [3_600n, '0.0208'],
    ]);
    expect(formatRate(amountOf(cost.exact))).toBe('0.026');
    expect(cost.unpricedSeconds).toBe(0n);
  });

  it('is a minute at least for each start', () => {
    const { exact } = costOfRuns([run('10:00', '10:00:05'), run('10:20', '10:20:05')], [price('0.36')], january);
    expect(formatRate(amountOf(exact))).toBe('0.012');
  });

  it('is not known, and not nothing, where no price was in force', () => {
    const cost = costOfRuns([run('09:00', '11:00')], [price('0.0104', '10:00')], january);
    expect(cost.unpricedSeconds).toBe(3_600n);
    expect(formatRate(amountOf(cost.exact))).toBe('0.0104');
    expect(costOfRuns([run('09:00', '11:00')], [], january)).toEqual({ lines: [], exact: 0n, unpricedSeconds: 7_200n });
  });

  it('is rounded once, at the twelfth decimal', () => {
    const { exact } = costOfRuns([run('09:00:00', '09:01:01')], [price('0.0104')], january);
    expect(exact).toBe(61n * parseRate('0.0104'));
    expect(formatRate(amountOf(exact))).toBe('0.000176222222');
  });

  it('of neighbouring spans adds up to the cost of both, wherever the price changes', () => {
    const minute = fc.integer({ min: 0, max: 48 * 60 }).map((minutes) => Date.UTC(2026, 0, 5) + minutes * 60_000);
    const runs = fc.array(
      fc
        .tuple(minute, fc.integer({ min: 0, max: 300_000 }))
        .map(([from, ms]) => ({ from: new Date(from), to: new Date(from + ms) })),
      { maxLength: 6 },
    );
    const hour = fc.integer({ min: 0, max: 50 }).map((hours) => new Date(Date.UTC(2026, 0, 5, hours)));
    const prices = fc.uniqueArray(fc.tuple(hour, fc.bigInt({ min: 0n, max: 10n ** 14n })), {
      maxLength: 4,
      selector: ([from]) => from.getTime(),
    });
    fc.assert(
      fc.property(runs, prices, hour, (all, versions, cut) => {
        const known = versions.map(([effectiveFrom, rate]) => ({ ...price('1'), effectiveFrom, rate }));
        const [whole, before, after] = [january, { ...january, to: cut }, { ...january, from: cut }].map((span) =>
          costOfRuns(all, known, span),
        );
        expect(before!.exact + after!.exact).toBe(whole!.exact);
        expect(before!.unpricedSeconds + after!.unpricedSeconds).toBe(whole!.unpricedSeconds);
      }),
    );
  });
});

it('a price is in force from its hour on until the next', () => {
  const prices = [price('2', '11:00'), price('1', '09:00')];
  expect(['08:00', '09:00', '10:00', '11:00', '20:00'].map((hour) => priceAt(prices, at(hour))?.rate)).toEqual(
    [undefined, '1', '1', '2', '2'].map((rate) => rate && parseRate(rate)),
  );
});

it('one currency is counted in: the wanted one, dollars, or what there is', () => {
  const [euro, dollar, yuan] = [price('1', undefined, 'eur'), price('2'), price('3', undefined, 'cny')];
  expect(inOneCurrency([euro, dollar], 'eur')).toEqual([euro]);
  expect(inOneCurrency([euro, dollar], 'gbp')).toEqual([dollar]);
  expect(inOneCurrency([yuan, euro], 'gbp')).toEqual([yuan]);
  expect(inOneCurrency([], 'gbp')).toEqual([]);
});

describe('a list of prices', () => {
  const now = at('2026-03-10T12:00:00Z');
  const given = (line: number, rate: string, from?: string): GivenPrice => ({ ...price(rate, from), place: `line ${line}` });

  it('adds what is not known, a history of it too', () => {
    const list = [given(2, '0.01', '2025-01-01T00:00:00Z'), given(3, '0.02', '2026-01-01T00:00:00Z')];
    expect(planImport([], list, now)).toEqual({ fresh: list, unchanged: 0, problems: [] });
    expect(planImport(list, list, now)).toEqual({ fresh: [], unchanged: 2, problems: [] });
  });

  it('with a line twice adds it once, and none with two prices for one hour', () => {
    expect(planImport([], [given(2, '0.01'), given(3, '0.010')], now)).toMatchObject({
      fresh: [{ place: 'line 2' }],
      unchanged: 1,
    });
    expect(planImport([], [given(2, '0.01'), given(3, '0.02')], now).problems).toEqual([
      {
        place: 'line 3',
        message:
          'instance t3.micro in us-east-1 (usd) is 0.01 from 2026-01-01T00:00:00.000Z on already in line 2; prices are added, not changed: let the new one begin later',
      },
    ]);
  });

  it('changes no price that is known, and none of a time that is over', () => {
    const known = [price('0.01', '2026-01-01T00:00:00Z')];
    const problemOf = (rate: string, from: string): string | undefined =>
      planImport(known, [given(2, rate, from)], now).problems[0]?.message;
    expect(problemOf('0.02', '2026-01-01T00:00:00Z')).toContain('prices are added, not changed');
    expect(problemOf('0.02', '2025-12-01T00:00:00Z')).toContain('a new one begins after that');
    expect(problemOf('0.02', '2026-02-28T23:00:00Z')).toContain('the months before 2026-03, which may be invoiced');
    expect(problemOf('0.02', '2026-03-01T00:00:00Z')).toBeUndefined();
    expect(problemOf('0.02', '2026-12-01T00:00:00Z')).toBeUndefined();
  });
});
