/** The operator gives Globex credit: it pays invoices, what expires first pays first, and Acme gets its share all the same. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closed, invoices } from '../testing/prices.ts';
import { billingWorld, type Answer, type World } from '../testing/world.ts';
import type { CreditView } from './credits.schema.ts';

describe('credit', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld();
  });
  afterEach(() => world.close());

  const grant = (amountMinor: string, more: object = {}, key?: string): Promise<Answer<CreditView>> =>
    world
      .as('operator')
      .post<CreditView>(
        '/v1/credits',
        { buyerId: world.market.buyerId, currency: 'usd', amountMinor, reason: 'An outage.', ...more },
        key,
      );
  const credits = async (): Promise<CreditView[]> =>
    (await world.as('buyer').get<{ items: CreditView[] }>('/v1/credits')).body.items;
  const sumOfBook = async (): Promise<bigint> => Object.values(await world.balances()).reduce((sum, each) => sum + each, 0n);

  it('pays a part of an invoice, and the card the rest', async () => {
    await world.openAccounts();
    await grant('1000');
    await world.january();
    await world.app.settle();
    expect(await invoices(world)).toMatchObject([{ totalMinor: '3863', creditMinor: '1000', state: 'paid' }]);
    expect(await credits()).toMatchObject([
      { amountMinor: '1000', leftMinor: '0', usedOn: [{ number: 'SLW-2026-000001', amountMinor: '1000' }] },
    ]);
    expect(await world.atStripe<{ amount: number }>('payment_intents')).toMatchObject([{ amount: 2863 }]);
    expect(await world.balances()).toMatchObject({ credits_given: 1000n, platform_revenue: -772n });
    expect(await sumOfBook()).toBe(0n);
  });

  it('that pays all of an invoice asks no card for anything, and lasts for the next', async () => {
    await grant('5000');
    await world.january();
    await world.app.settle();
    expect(await invoices(world)).toMatchObject([{ totalMinor: '3863', creditMinor: '3863', state: 'paid' }]);
    expect(await world.atStripe('payment_intents')).toEqual([]);
    expect(await credits()).toMatchObject([{ leftMinor: '1137' }]);
    expect(await world.balances()).toMatchObject({ buyer_credit: -1137n });
    expect(await world.balances()).not.toHaveProperty('buyer_receivable');
  });

  it('is paid out to the vendor from the platform’s own balance', async () => {
    await world.openAccounts();
    await grant('3863');
    await world.january();
    await world.app.settle();
    const [transfer] = await world.database.sql<{ payment_id: string | null; amount_minor: string; failure: string | null }>(
      'select payment_id, amount_minor::text, failure from billing.transfer',
    );
    // The platform has nothing at Stripe yet: it is refused, owed still, and tried again another day.
    expect(transfer).toMatchObject({ payment_id: null, amount_minor: '3091' });
    expect(transfer!.failure).toMatch(/insufficient/i);
    expect(await world.balances()).toMatchObject({ vendor_payable: -3091n });
    expect(await sumOfBook()).toBe(0n);
  });

  it('that expires first is used first; what is left of it then is the platform’s again', async () => {
    await grant('1000');
    await grant('500', { expiresAt: '2026-06-01T00:00:00Z' });
    await grant('5000', { expiresAt: '2026-02-10T00:00:00Z' });
    await world.january();
    await world.app.settle();
    const left = async (): Promise<string[]> =>
      (await credits()).map(({ amountMinor, leftMinor }) => `${amountMinor} ${leftMinor}`).sort();
    expect(await left()).toEqual(['1000 1000', '500 500', '5000 1137']);
    world.moveTo('2026-02-10T00:00:00Z');
    await world.app.settle();
    await world.app.settle();
    expect(await left()).toEqual(['1000 1000', '500 500', '5000 0']);
    expect(await world.balances()).toMatchObject({ buyer_credit: -1500n, credits_given: 1500n + 3863n });
  });

  it('is granted once under one key, by the operator, to a buyer', async () => {
    const [first, again] = [await grant('1000', {}, 'outage-7'), await grant('1000', {}, 'outage-7')];
    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
    expect(await grant('2000', {}, 'outage-7')).toMatchObject({ status: 409, body: { code: 'idempotency_mismatch' } });
    expect(await credits()).toHaveLength(1);
    expect(await grant('1', { buyerId: world.market.vendorId })).toMatchObject({
      status: 404,
      body: { code: 'buyer_not_found' },
    });
    expect(await grant('1', { expiresAt: '2026-01-01T00:00:00Z' })).toMatchObject({
      status: 409,
      body: { code: 'expires_too_early' },
    });
    expect(await grant('0')).toMatchObject({ status: 400 });
    expect((await world.as('buyer').post('/v1/credits', {})).status).toBe(403);
    expect(
      (await world.as('buyer', '0190f0f0-0000-7000-8000-000000000000').get<{ items: unknown[] }>('/v1/credits')).body.items,
    ).toEqual([]);
  });

  it('is never used beyond what there is: the database refuses', async () => {
    await grant('100');
    await world.january();
    await world.app.settle();
    await world.used('2026-02-03', 'users', 10n);
    await closed(world, '2026-02');
    expect(await invoices(world)).toMatchObject([{ creditMinor: '100' }, { creditMinor: '0' }]);
    const again = `insert into billing.credit_use (invoice_id, grant_id, amount_minor)
      select invoice.id, credit_grant.id, 1 from billing.invoice, billing.credit_grant where invoice.credit_minor = 0`;
    await expect(world.database.sql(again)).rejects.toThrow('is used up');
    await expect(world.database.sql('update billing.invoice set credit_minor = credit_minor - 1')).rejects.toThrow('finalised');
  });
});
