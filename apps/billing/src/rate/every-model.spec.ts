/** A month of every price model becomes an invoice that a reader can add up, and rates again to the same bytes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRate, toMinor } from '#domain/money.ts';
import { equalInstalments } from '#domain/pricing/contract.ts';
import type { Price } from '#domain/pricing/price.ts';
import { metered, priceOf, tiers } from '#testing/prices.ts';
import { exactOf } from '#tables/columns.ts';
import type { Stage } from '#platform/stage.ts';
import type { InvoiceView } from '../invoice/invoices.schema.ts';
import { closed, committed, invoices, lines, priced, repriced } from '../testing/prices.ts';
import { billingWorld, type World } from '../testing/world.ts';

const hourly = (instanceType: string | null, rate: string): Price =>
  priceOf(
    instanceType === null ? 'hours' : `hours.${instanceType}`,
    { model: 'hourly', instanceType, rate: parseRate(rate), increment: 'hour', minimumSeconds: 0, included: 0n },
    'hour',
  );

describe('a month', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld();
  });
  afterEach(() => world.close());

  const rateAgain = async (): Promise<void> => {
    const stage = world.stage('billing.rate-period') as Stage & { rerate: (id: string) => Promise<{ inputSha: Buffer }> };
    const periods = await world.database.sql<{ id: string; input_sha: Buffer }>(
      `select id, input_sha from billing.period where state = 'invoiced'`,
    );
    expect(periods.length).toBeGreaterThan(0);
    for (const { id, input_sha: kept } of periods) expect((await stage.rerate(id)).inputSha.equals(kept)).toBe(true);
  };
  /** What a line's parts come to, by the formula that the invoice names. */
  const addedUp = ({ parts, quantity, unitSize, rate }: InvoiceView['lines'][number]): bigint => {
    const all = parts.length > 0 ? parts : [{ quantity, unitSize, rate: rate! }];
    const common = all.reduce((size, part) => size * BigInt(part.unitSize), 1n);
    const exact = all.reduce(
      (sum, part) => sum + (BigInt(part.quantity) * exactOf(part.rate) * common) / BigInt(part.unitSize),
      0n,
    );
    return toMinor(exact, 'usd', common);
  };

  it('of usage in every model', async () => {
    await world.app.settle();
    await priced(world, [
      hourly(null, '0.25'),
      hourly('m5.large', '0.4'),
      metered('users', '1.5', 10n),
      priceOf('scans', { model: 'graduated', tiers: tiers(['100', '1'], [null, '0.5', '20']), included: 0n }),
      priceOf('gigabytes', { model: 'volume', tiers: tiers(['100', '0.1'], [null, '0.05']), included: 0n }),
      priceOf('mails', { model: 'package', size: 1000n, rate: parseRate('5'), included: 0n }),
    ]);
    for (const [dimension, quantity] of [
      ['hours', 24n],
      ['hours.m5.large', 10n],
      ['users', 23n],
      ['scans', 120n],
      ['gigabytes', 200n],
      ['mails', 1001n],
    ] as const)
      await world.used('2026-01-06', dimension, quantity);
    await closed(world, '2026-01');
    const [invoice] = await invoices(world);
    expect(lines(invoice)).toEqual([
      'gigabytes 200: 1000',
      'hours 24: 600',
      'hours.m5.large 10: 400',
      'mails 1001: 1000',
      'scans 120: 13000',
      'users 23: 1950',
    ]);
    for (const line of invoice!.lines) expect(addedUp(line), line.description).toBe(BigInt(line.amountMinor));
    expect(invoice!.lines[4]).toMatchObject({
      rate: null,
      parts: [
        { label: '1–100', quantity: '100', unitSize: '1', rate: '1' },
        { label: '101 and more', quantity: '20', unitSize: '1', rate: '0.5' },
        { label: '101 and more, once', quantity: '1', unitSize: '1', rate: '20' },
      ],
      usedFrom: '2026-01-05T09:20:00.000Z',
      usedTo: '2026-02-01T00:00:00.000Z',
      lateDays: [],
    });
    await rateAgain();
    expect(Object.values(await world.balances()).reduce((sum, each) => sum + each, 0n)).toBe(0n);
  });

  it('of fees: once, by the month begun, by the second', async () => {
    await world.app.settle();
    const fees = (support: string): Price[] => [
      priceOf('setup', { model: 'one_time', rate: parseRate('99') }, 'set-up'),
      priceOf('access', { model: 'flat', rate: parseRate('30') }, 'month'),
      priceOf('support', { model: 'monthly', rate: parseRate(support) }, 'month'),
    ];
    await priced(world, fees('31'));
    await repriced(world, '2026-02-15T00:00:00Z', fees('28'));
    await closed(world, '2026-01');
    await closed(world, '2026-02');
    const [january, february] = await invoices(world);
    expect(lines(january)).toEqual(['access 1: 3000', 'setup 1: 9900', 'support 2299200: 2661']);
    // Half of February at each price.
    expect(lines(february)).toEqual(['access 1: 3000', 'support 1209600: 1550', 'support 1209600: 1400']);
    await rateAgain();
  });

  it('of a contract in instalments and of machines for a year', async () => {
    await world.app.settle();
    const options = [{ months: 12, rate: parseRate('33.33'), instalments: equalInstalments(12) }];
    await priced(world, [
      priceOf('seats', { model: 'contract', options }, 'seat'),
      hourly(null, '0.25'),
      hourly('m5.large', '0.5'),
      priceOf('annual.m5.large', { model: 'annual', instanceType: 'm5.large', rate: parseRate('2000') }, 'machine'),
    ]);
    const year = { months: 12, at: '2026-01-05T09:20:00Z', until: '2027-01-05T09:20:00Z' };
    await committed(world, { ...year, dimension: 'seats', quantity: 3 });
    await committed(world, { ...year, dimension: 'annual.m5.large', quantity: 1 });
    await world.used('2026-01-06', 'hours.m5.large', 30n);
    await world.used('2026-02-06', 'hours.m5.large', 24n);
    await closed(world, '2026-01');
    await closed(world, '2026-02');
    const [january, february] = await invoices(world);
    expect(lines(january)).toEqual(['annual.m5.large 1: 200000', 'hours.m5.large 30: 300', 'seats 3: 834']);
    expect(lines(february)).toEqual(['hours.m5.large 24: 0', 'seats 3: 834']);
    await rateAgain();
  });

  it('of a trial of days, and one of a quantity over two months', async () => {
    await world.app.settle();
    const prices = [metered('users', '1'), metered('scans', '1')];
    await priced(world, prices, { trial: { days: 14, afterwards: 'converts' } });
    await world.used('2026-01-19', 'users', 100n);
    await world.used('2026-01-20', 'users', 7n);
    await closed(world, '2026-01');
    expect(lines((await invoices(world))[0])).toEqual(['users 107: 700']);

    await world.close();
    world = await billingWorld();
    await world.app.settle();
    await priced(world, prices, { trial: { dimension: 'scans', quantity: '100', afterwards: 'converts' } });
    await world.used('2026-01-19', 'scans', 60n);
    await world.used('2026-02-19', 'scans', 60n);
    await closed(world, '2026-01');
    await closed(world, '2026-02');
    const [january, february] = await invoices(world);
    expect(lines(january)).toEqual(['scans 60: 0']);
    expect(lines(february)).toEqual(['scans 60: 2000']);
    await rateAgain();
  });

  it('of less than was agreed on at least', async () => {
    await world.app.settle();
    await priced(world, [metered('users', '1')], { minimumSpend: '310' });
    await world.used('2026-02-06', 'users', 100n);
    await closed(world, '2026-01');
    await closed(world, '2026-02');
    const [january, february] = await invoices(world);
    // 26 days, 14 hours and 40 minutes of January.
    expect(lines(january)).toEqual(['Minimum spend 2299200: 26611']);
    expect(lines(february)).toEqual(['users 100: 10000', 'Minimum spend 2419200: 21000']);
    await rateAgain();
  });

  it('of nothing, where it is free or the buyer has a licence', async () => {
    await world.app.settle();
    await priced(world, [priceOf('byol', { model: 'byol' }, 'month')]);
    await closed(world, '2026-01');
    expect(await invoices(world)).toEqual([]);
  });

  it('is rated to the same rows by two processes at once', async () => {
    await world.app.settle();
    await priced(world, [metered('users', '1', 3n), priceOf('support', { model: 'monthly', rate: parseRate('31') }, 'month')]);
    await world.used('2026-01-06', 'users', 10n);
    await world.metered('2026-02-01T00:00:00Z');
    world.moveTo('2026-02-01T06:00:00Z');
    const other = await world.another();
    const ids = await world.stage('billing.rate-period').due();
    const stages = [world.app, other].map((app) => world.stageOf(app, 'billing.rate-period'));
    await Promise.all(ids.flatMap((id) => [...stages, ...stages].map((stage) => stage.work(id))));
    expect(
      await world.database.sql(
        'select count(*)::int as charges, count(distinct dimension)::int as dimensions from billing.charge',
      ),
    ).toEqual([{ charges: 2, dimensions: 2 }]);
    expect(await world.database.sql('select count(*)::int as days from billing.charge_source')).toEqual([{ days: 1 }]);
  });
});
