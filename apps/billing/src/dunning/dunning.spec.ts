/** Globex's card is declined: it is tried again on the days of the schedule, then the account is suspended, then ended; and the way back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { billingWorld, type World } from '../testing/world.ts';

describe('dunning', () => {
  let world: World;
  beforeAll(async () => {
    world = await billingWorld({ settings: { DUNNING_RETRY_DAYS: '3,7,14' } });
    await world.openAccounts('pm_card_chargeCustomerFail');
    await world.january();
    await world.settled();
  });
  afterAll(() => world.close());

  const overdue = async (who: 'buyer' | 'operator' | 'auditor' = 'operator') =>
    (await world.as(who).get<{ items: unknown[] }>('/v1/dunning')).body.items;
  const standing = async (): Promise<unknown> => (await world.as('buyer').get('/v1/payment-method')).body.standing;
  const invoice = async (): Promise<string> =>
    (await world.as('buyer').get<{ items: Array<{ id: string }> }>('/v1/invoices')).body.items[0]!.id;
  const tries = async (): Promise<number> => (await world.atStripe('payment_intents')).length;
  const goTo = async (instant: string): Promise<void> => {
    world.moveTo(instant);
    await world.settled();
  };

  it('begins with the first decline, and says what comes next', async () => {
    const globex = {
      buyer: 'Globex',
      standing: 'past_due',
      since: '2026-02-01T06:10:00.000Z',
      isBeingCollected: false,
      nextRetryAt: '2026-02-04T06:10:00.000Z',
      suspendsAt: '2026-02-15T06:10:00.000Z',
      endsAt: '2026-04-02T06:10:00.000Z',
    };
    for (const who of ['buyer', 'operator', 'auditor'] as const) expect(await overdue(who)).toMatchObject([globex]);
    expect((await world.as('buyer', world.market.vendorId).get('/v1/dunning')).body).toEqual({ items: [] });
    expect(await world.as('vendor').get('/v1/dunning')).toMatchObject({ status: 403 });
  });

  it('tries again on the day, once, and not in between', async () => {
    await goTo('2026-02-04T06:09:00Z');
    expect(await tries()).toBe(1);
    await goTo('2026-02-04T06:10:00Z');
    await goTo('2026-02-05T06:10:00Z');
    await world.stage('billing.dun-buyer').work(world.market.buyerId);
    await world.settled();
    expect(await tries()).toBe(2);
    expect(await standing()).toBe('past_due');
    expect(await overdue()).toMatchObject([{ nextRetryAt: '2026-02-08T06:10:00.000Z' }]);
  });

  it('suspends on its day, and makes one try of two that were missed', async () => {
    await goTo('2026-02-15T06:10:00Z');
    expect(await standing()).toBe('suspended');
    expect(await tries()).toBe(3);
    expect(await overdue()).toMatchObject([{ standing: 'suspended', nextRetryAt: null }]);
  });

  it('ends on its day', async () => {
    await goTo('2026-04-02T06:10:00Z');
    expect(await standing()).toBe('ended');
    expect(await tries()).toBe(3);
  });

  it('is over when the invoice is written off, for whoever asks for money, and not for Globex', async () => {
    const invoiceId = await invoice();
    const given = { invoiceId, reason: 'Globex does not answer' };
    const write = (body = given) => world.as('operator').post('/v1/write-offs', body, 'once');
    expect(await write()).toMatchObject({ status: 201, body: { amountMinor: '3863', recoveredAt: null } });
    expect(await write()).toMatchObject({ status: 201 });
    expect(await write({ ...given, reason: 'another' })).toMatchObject({ body: { code: 'idempotency_mismatch' } });
    const again = await world.as('operator').post('/v1/write-offs', given, 'twice');
    expect(again).toMatchObject({ status: 409, body: { code: 'invoice_is_written_off' } });
    expect(await world.as('auditor').post('/v1/write-offs', given)).toMatchObject({ status: 403 });
    // Vendors are paid of what buyers paid; the platform had earned its fee.
    expect(await world.balances()).toEqual({ platform_revenue: -772n, bad_debt: 772n });
    expect(await standing()).toBe('ended');
    expect(await overdue()).toMatchObject([{ nextRetryAt: null }]);
  });

  it('is undone when it is paid all the same', async () => {
    expect((await world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_card_visa' })).status).toBe(200);
    await world.settled();
    expect(await tries()).toBe(3);
    const path = `/v1/invoices/${await invoice()}/payments`;
    expect(await world.as('buyer', world.market.vendorId).post(path, {})).toMatchObject({ status: 404 });
    expect(await world.as('buyer').post(path, {})).toMatchObject({ status: 202 });
    expect(await world.as('buyer').post(path, {})).toMatchObject({ status: 409, body: { code: 'invoice_being_collected' } });
    await world.settled();
    expect(await standing()).toBe('good');
    expect(await overdue()).toEqual([]);
    expect((await world.as('buyer').get('/v1/invoices')).body).toMatchObject({ items: [{ state: 'paid' }] });
    expect((await world.as('auditor').get('/v1/write-offs')).body).toMatchObject({
      items: [{ amountMinor: '3863', recoveredAt: '2026-04-02T06:10:00.000Z' }],
    });
    const { buyer_receivable: receivable, bad_debt: lost } = await world.balances();
    expect([receivable, lost]).toEqual([undefined, undefined]);
    expect(await world.as('buyer').post(path, {})).toMatchObject({ status: 409, body: { code: 'invoice_is_paid' } });
  });
});
