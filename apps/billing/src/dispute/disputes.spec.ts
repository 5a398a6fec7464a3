/** Disputes: a bank that takes the money and decides, and a buyer who complains about one line. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { billingWorld, type World } from '../testing/world.ts';

const FEES = { stripe_fees: 1642n };

describe('disputes', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld();
  });
  afterEach(() => world.close());

  const card = (): Promise<unknown> => world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_card_visa' });
  const intent = async (): Promise<string> => (await world.atStripe<{ id: string }>('payment_intents'))[0]!.id;
  const invoiceId = async (): Promise<string> =>
    (await world.database.sql<{ id: string }>('select id from billing.invoice'))[0]!.id;
  const lines = () => world.database.sql<{ id: string }>('select id from billing.invoice_line order by amount_minor desc');
  const atBanks = async (who: 'buyer' | 'vendor' | 'operator') =>
    (await world.as(who).get<{ items: unknown[] }>('/v1/disputes')).body.items;
  const payouts = async () => (await world.as('vendor').get<{ items: unknown[] }>('/v1/payouts')).body.items;

  it('holds what the bank took and what the vendor has not been sent, and lets go of both when we win', async () => {
    await card();
    await world.january();
    await world.settled();
    const { id } = world.sandbox.stripeControl.openDispute(await intent());
    await world.settled();
    expect(await atBanks('vendor')).toMatchObject([
      { state: 'open', amountMinor: '3863', reason: 'fraudulent', invoices: ['SLW-2026-000001'] },
    ]);
    expect(await world.balances()).toEqual({
      platform_revenue: -772n,
      vendor_held: -3091n,
      dispute_hold: 3863n,
      ...FEES,
      stripe_clearing: -1642n,
    });
    await world.openAccounts();
    await world.settled();
    expect(await payouts()).toEqual([]);
    const refused = await world.as('operator').post('/v1/refunds', { invoiceId: await invoiceId(), reason: 'Sorry.' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'payment_disputed' } });

    world.sandbox.stripeControl.decideDispute(id, 'won');
    await world.settled();
    expect(await atBanks('buyer')).toMatchObject([{ state: 'won' }]);
    expect(await payouts()).toMatchObject([{ state: 'sent', amountMinor: '3091' }]);
    expect(await world.balances()).toEqual({ platform_revenue: -772n, ...FEES, stripe_clearing: -870n });
  });

  it('gives back as a refund does when we lose, and takes it from the vendor who was paid', async () => {
    await world.openAccounts();
    await world.january();
    await world.settled();
    expect(await payouts()).toMatchObject([{ state: 'sent' }]);
    const { id } = world.sandbox.stripeControl.openDispute(await intent(), { amount: 1001 });
    world.sandbox.stripeControl.decideDispute(id, 'lost');
    await world.settled();
    expect(await atBanks('operator')).toMatchObject([{ state: 'lost', amountMinor: '1001' }]);
    expect(await world.database.sql('select state, amount_minor from billing.transfer_reversal')).toEqual([
      { state: 'succeeded', amount_minor: '801' },
    ]);
    const end = { platform_revenue: -572n, ...FEES, stripe_clearing: 3863n - 1642n - 1001n - 3091n + 801n };
    expect(await world.balances()).toEqual(end);
    // The same news again, in reverse: nothing more.
    await world.database.sql('update billing.inbound_event set handled_at = null');
    await world.app.settle();
    expect(await world.balances()).toEqual(end);
  });

  it('holds shares while the bank only asks, and takes nothing', async () => {
    await card();
    await world.january();
    await world.settled();
    const { id } = world.sandbox.stripeControl.openDispute(await intent(), { isInquiry: true });
    await world.settled();
    expect(await world.balances()).toMatchObject({ vendor_held: -3091n, stripe_fees: 142n });
    world.sandbox.stripeControl.decideDispute(id, 'warning_closed');
    await world.settled();
    expect(await world.balances()).toMatchObject({ vendor_payable: -3091n, stripe_fees: 142n });
    expect(await world.balances()).not.toHaveProperty('dispute_hold');
  });

  it('holds back the one line that a buyer disputes with us, pays the other, and gives back what the vendor concedes', async () => {
    await card();
    await world.january();
    await world.settled();
    const [hours, users] = (await lines()).map((line) => line.id);
    const opened = await world
      .as('buyer')
      .post<{ id: string }>('/v1/line-disputes', { lineId: users, reason: 'We had 20 users.' });
    expect(opened).toMatchObject({ status: 201, body: { state: 'open', amountMinor: '766' } });
    const again = await world.as('buyer').post('/v1/line-disputes', { lineId: users, reason: 'Again.' });
    expect(again).toMatchObject({ status: 409, body: { code: 'line_disputed' } });
    expect(await world.as('buyer', newId()).post('/v1/line-disputes', { lineId: hours, reason: 'Not mine.' })).toMatchObject({
      status: 404,
    });
    await world.openAccounts();
    await world.settled();
    expect(await payouts()).toMatchObject([{ amountMinor: '2478' }]);
    expect((await world.balances()).vendor_held).toBe(-613n);

    const path = `/v1/line-disputes/${opened.body.id}/decision`;
    const rejected = await world.as('vendor').put(path, { outcome: 'rejected', answer: 'You had 23.' });
    expect(rejected).toMatchObject({ status: 403, body: { code: 'operator_decides' } });
    expect(await world.as('vendor', newId()).put(path, { outcome: 'refunded', answer: 'Not mine.' })).toMatchObject({
      status: 404,
    });
    const conceded = await world.as('vendor').put(path, { outcome: 'refunded', amountMinor: '100', answer: 'Three were tests.' });
    expect(conceded).toMatchObject({ status: 200, body: { state: 'refunded', answer: 'Three were tests.' } });
    expect(await world.as('operator').put(path, { outcome: 'rejected', answer: 'Late.' })).toMatchObject({
      body: { code: 'dispute_closed' },
    });
    await world.settled();
    world.moveTo('2026-02-02T06:10:00Z');
    await world.settled();
    expect(await payouts()).toMatchObject([{ amountMinor: '533' }, { amountMinor: '2478' }]);
    expect((await world.as('buyer').get('/v1/refunds')).body).toMatchObject({
      items: [{ state: 'succeeded', amountMinor: '100' }],
    });
    expect(await world.balances()).toEqual({ platform_revenue: -752n, stripe_fees: 142n, stripe_clearing: 610n });
  });

  it('does not release a line that is disputed before its hold is over, until the operator rejects', async () => {
    await world.close();
    world = await billingWorld({ settings: { HOLD_DAYS: '1' } });
    await card();
    await world.january();
    await world.settled();
    const [, users] = (await lines()).map((line) => line.id);
    const { body } = await world.as('buyer').post<{ id: string }>('/v1/line-disputes', { lineId: users, reason: 'Too many.' });
    world.moveTo('2026-02-02T06:11:00Z');
    await world.settled();
    expect(await world.balances()).toMatchObject({ vendor_payable: -2478n, vendor_unsettled: -613n });
    await world.as('operator').put(`/v1/line-disputes/${body.id}/decision`, { outcome: 'rejected', answer: 'You had 23.' });
    await world.settled();
    expect((await world.balances()).vendor_payable).toBe(-3091n);
    expect((await world.as('buyer').get('/v1/line-disputes')).body).toMatchObject({ items: [{ state: 'rejected' }] });
  });
});
