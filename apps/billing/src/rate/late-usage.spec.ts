/** January was billed; what is found of it later goes on the next invoice, names its days, and costs what it would have cost then. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseRate } from '#domain/money.ts';
import { metered, priceOf, tiers } from '#testing/prices.ts';
import type { Stage } from '#platform/stage.ts';
import { closed, corrected, invoices, lines, priced, repriced } from '../testing/prices.ts';
import { billingWorld, type World } from '../testing/world.ts';

const scans = priceOf('scans', { model: 'graduated', tiers: tiers(['100', '1'], [null, '0.5']), included: 0n });

describe('late usage', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld();
    await world.app.settle();
  });
  afterEach(() => world.close());

  it('is a line on the next invoice, at the price and in the tier of its own month', async () => {
    await priced(world, [scans]);
    await repriced(world, '2026-02-01T00:00:00Z', [
      priceOf('scans', { model: 'graduated', tiers: tiers(['100', '9'], [null, '9']), included: 0n }),
    ]);
    await world.used('2026-01-06', 'scans', 95n);
    await world.used('2026-02-06', 'scans', 1n);
    await closed(world, '2026-01');
    await corrected(world, '2026-01-06', 'scans', 100n);
    await world.used('2026-01-07', 'scans', 5n);
    await closed(world, '2026-02');
    const [january, february] = await invoices(world);
    expect(january).toMatchObject({ totalMinor: '9500' });
    expect(lines(february)).toEqual(['scans 10: 750', 'scans 1: 900']);
    expect(february!.lines[0]).toMatchObject({
      priceVersionId: world.market.priceVersionId,
      usedFrom: '2026-01-05T09:20:00.000Z',
      usedTo: '2026-02-01T00:00:00.000Z',
      lateDays: [
        { day: '2026-01-06', quantity: '5' },
        { day: '2026-01-07', quantity: '5' },
      ],
    });
    expect(february!.lines[1]).toMatchObject({ lateDays: [] });
  });

  it('is charged once, though it is looked for every month', async () => {
    await priced(world, [metered('users', '1')]);
    await world.used('2026-01-06', 'users', 5n);
    await closed(world, '2026-01');
    await corrected(world, '2026-01-06', 'users', 7n);
    await closed(world, '2026-02');
    await closed(world, '2026-03');
    await corrected(world, '2026-01-06', 'users', 8n);
    await closed(world, '2026-04');
    expect((await invoices(world)).map((invoice) => lines(invoice))).toEqual([
      ['users 5: 500'],
      ['users 2: 200'],
      ['users 1: 100'],
    ]);
  });

  it('that takes something back makes the next invoice less', async () => {
    await priced(world, [metered('users', '1')]);
    await world.used('2026-01-06', 'users', 5n);
    await world.used('2026-02-06', 'users', 20n);
    await closed(world, '2026-01');
    await corrected(world, '2026-01-06', 'users', 2n);
    await closed(world, '2026-02');
    expect((await invoices(world))[1]).toMatchObject({
      totalMinor: '1700',
      lines: [{ amountMinor: '-300' }, { amountMinor: '2000' }],
    });
    expect(Object.values(await world.balances()).reduce((sum, each) => sum + each, 0n)).toBe(0n);
  });

  it('that takes back more than the next invoice is waits for one that is more', async () => {
    await priced(world, [metered('users', '1')]);
    await world.used('2026-01-06', 'users', 50n);
    await world.used('2026-02-06', 'users', 20n);
    await world.used('2026-03-06', 'users', 100n);
    await closed(world, '2026-01');
    await corrected(world, '2026-01-06', 'users', 10n);
    await closed(world, '2026-02');
    await closed(world, '2026-03');
    expect((await invoices(world)).map(({ totalMinor }) => totalMinor)).toEqual(['5000', '2000', '6000']);
  });

  it('leaves what was billed as it was: the first rating is repeated to the same bytes', async () => {
    await priced(world, [scans]);
    await world.used('2026-01-06', 'scans', 95n);
    await closed(world, '2026-01');
    await corrected(world, '2026-01-06', 'scans', 300n);
    await closed(world, '2026-02');
    const [period] = await world.database.sql<{ id: string; input_sha: Buffer }>(
      'select id, input_sha from billing.period order by starts_at limit 1',
    );
    const stage = world.stage('billing.rate-period') as Stage & { rerate: (id: string) => Promise<{ inputSha: Buffer }> };
    expect((await stage.rerate(period!.id)).inputSha.equals(period!.input_sha)).toBe(true);
    const changed = `update billing.charge set quantity = 0`;
    await expect(
      world.database.sql(`set role billing; ${changed}`).finally(() => world.database.sql('reset role')),
    ).rejects.toThrow('permission denied');
  });

  it('of a month with a minimum is taken from what was asked for as missing', async () => {
    await priced(world, [metered('users', '1')], { minimumSpend: '100' });
    await world.database.sql(`update api.subscription set started_at = '2026-01-01T00:00:00Z'`);
    await world.database.sql(`update api.price_version set effective_from = '2026-01-01T00:00:00Z'`);
    await world.database.sql(`update billing.period set starts_at = '2026-01-01T00:00:00Z'`);
    await world.used('2026-01-06', 'users', 30n);
    await closed(world, '2026-01');
    await corrected(world, '2026-01-06', 'users', 60n);
    await world.used('2026-02-06', 'users', 100n);
    await closed(world, '2026-02');
    await corrected(world, '2026-01-06', 'users', 130n);
    await world.used('2026-03-06', 'users', 100n);
    await closed(world, '2026-03');
    const [january, february, march] = await invoices(world);
    expect(lines(january)).toEqual(['users 30: 3000', 'Minimum spend 2678400: 7000']);
    // Thirty more were used, and so thirty less were missing.
    expect(lines(february)).toEqual([
      'users 30: 3000',
      'Minimum spend 2678400: -3000',
      'users 100: 10000',
      'Minimum spend 2419200: 0',
    ]);
    // Seventy more: forty of them were paid for as missing.
    expect(lines(march)).toEqual([
      'users 70: 7000',
      'Minimum spend 2678400: -4000',
      'users 100: 10000',
      'Minimum spend 2678400: 0',
    ]);
    expect(await world.stage('billing.rate-late').due()).toEqual([]);
  });

  it('of a subscription that has ended is on an invoice of its own, a month later', async () => {
    await priced(world, [metered('users', '1'), priceOf('setup', { model: 'one_time', rate: parseRate('9') }, 'set-up')]);
    await world.used('2026-01-06', 'users', 5n);
    await world.database.sql(`update api.subscription set ended_at = '2026-01-20T12:00:00Z'`);
    await closed(world, '2026-01');
    await corrected(world, '2026-01-06', 'users', 9n);
    world.moveTo('2026-03-01T05:59:00Z');
    await world.app.settle();
    expect(await invoices(world)).toHaveLength(1);
    world.moveTo('2026-03-01T06:00:00Z');
    await world.app.settle();
    const [, late] = await invoices(world);
    expect(late).toMatchObject({ periodStart: '2026-02-01T00:00:00.000Z', totalMinor: '400' });
    expect(lines(late)).toEqual(['users 4: 400']);
    world.moveTo('2026-04-01T06:00:00Z');
    await world.app.settle();
    expect(await invoices(world)).toHaveLength(2);
  });

  it('waits for nobody’s period: two that are rated at once charge it once', async () => {
    await priced(world, [metered('users', '1')]);
    await world.used('2026-01-06', 'users', 5n);
    await closed(world, '2026-01');
    await corrected(world, '2026-01-06', 'users', 7n);
    await world.metered('2026-04-01T00:00:00Z');
    world.moveTo('2026-04-01T06:00:00Z');
    for (const id of await world.stage('billing.open-period').due()) await world.stage('billing.open-period').work(id);
    const due = await world.stage('billing.rate-period').due();
    expect(due).toHaveLength(2);
    await Promise.all(due.map((id) => world.stage('billing.rate-period').work(id)));
    expect(await world.database.sql('select count(*)::int as late from billing.charge where revision > 0')).toEqual([
      { late: 1 },
    ]);
  });

  it('of months that are closed together is one invoice for each, the earlier one first', async () => {
    await world.used('2026-01-06', 'users', 10n);
    await world.used('2026-02-06', 'users', 20n);
    // Billing was away on the first of February.
    await closed(world, '2026-02');
    const made = await invoices(world);
    expect(made.map(({ periodEnd }) => periodEnd.slice(0, 7))).toEqual(['2026-02', '2026-03']);
    expect(made.map((invoice) => invoice.lines.map(({ quantity }) => quantity))).toEqual([['10'], ['20']]);
  });
});
