/** Globex has thirty days and no card on file: its people pay the invoice on Stripe's page, or do not. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller } from '#testing/app.ts';
import { billingWorld, type World } from '../testing/world.ts';
import type { PaymentLinkView } from './payment-links.schema.ts';

interface InvoiceSeen {
  id: string;
  state: string;
  paymentFailure: string | null;
}

describe('a payment link', () => {
  let world: World;
  let invoiceId: string;
  beforeEach(async () => {
    world = await billingWorld();
    await world.as('operator').put(`/v1/payment-terms/${world.market.buyerId}`, { days: 30 });
    await world.january();
    await world.app.settle();
    invoiceId = (await invoices())[0]!.id;
  });
  afterEach(() => world.close());

  const invoices = async (): Promise<InvoiceSeen[]> =>
    (await world.as('buyer').get<{ items: InvoiceSeen[] }>('/v1/invoices')).body.items;
  const path = (): string => `/v1/invoices/${invoiceId}/payment-link`;
  const link = (who: 'buyer' | 'operator' = 'buyer') => world.as(who).put<PaymentLinkView & { code: string }>(path(), {});
  const withdraw = async (): Promise<{ status: number; body: unknown }> => {
    const headers = await asCaller({ kind: 'buyer', organizationId: world.market.buyerId });
    const response = await fetch(`${world.app.url}${path()}`, { method: 'DELETE', headers });
    return { status: response.status, body: await response.json() };
  };
  const standing = async (): Promise<unknown> => (await world.as('buyer').get('/v1/payment-method')).body.standing;
  /** Somebody fills in Stripe's page. */
  const pay = (url: string, paymentMethod: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ payment_method: paymentMethod, email: 'money@globex.example' }).toString(),
    });

  it('is paid on Stripe’s page, though a card is declined first, and booked as any payment', async () => {
    const made = await link();
    expect(made).toMatchObject({ status: 200, body: { amountMinor: '3863', state: 'processing' } });
    expect((await link('operator')).body).toEqual(made.body);
    expect((await pay(made.body.url!, 'pm_card_visa_chargeDeclined')).status).toBe(402);
    await world.settled();
    expect(await invoices()).toMatchObject([{ state: 'open', paymentFailure: null }]);
    expect(await standing()).toBe('good');
    const paid = await pay(made.body.url!, 'pm_card_visa');
    expect(paid.headers.get('location')).toContain('/invoices');
    await world.settled();
    expect(await invoices()).toMatchObject([{ state: 'paid' }]);
    expect((await world.as('buyer').get(path())).body).toMatchObject({ state: 'succeeded', url: null });
    expect(await world.balances()).toMatchObject({ stripe_clearing: 3863n - 142n, platform_revenue: -772n, stripe_fees: 142n });
    expect(await world.database.sql('select kind from billing.journal order by created_at, id')).toEqual(
      expect.arrayContaining([{ kind: 'payment_succeeded' }, { kind: 'stripe_fee' }, { kind: 'share_released' }]),
    );
    expect(await link()).toMatchObject({ status: 409, body: { code: 'invoice_is_paid' } });
    const window = { from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' };
    const { body: asked } = await world.as('operator').post<{ id: string }>('/v1/reconciliations', window);
    await world.app.settle();
    expect((await world.as('operator').get(`/v1/reconciliations/${asked.id}`)).body).toMatchObject({ differences: [] });
    const [session] = await world.atStripe<{ metadata: { op_id: string }; id: string }>('checkout/sessions');
    expect(
      await world.database.sql('select object_id from billing.external_call where id = $1', [session!.metadata.op_id]),
    ).toEqual([{ object_id: session!.id }]);
  });

  it('keeps everything else from collecting the invoice, until it is over, and harms nobody who was not due yet', async () => {
    const made = await link();
    const credit = { invoiceId, reason: 'An outage.' };
    expect((await world.as('operator').post('/v1/credit-notes', credit)).body).toMatchObject({ code: 'invoice_being_collected' });
    world.advance({ hours: 25 });
    await world.settled();
    expect((await world.as('buyer').get(path())).body).toMatchObject({
      state: 'failed',
      url: null,
      paymentId: made.body.paymentId,
    });
    expect(await standing()).toBe('good');
    const again = await link();
    expect(again.body.paymentId).not.toBe(made.body.paymentId);
    expect(await withdraw()).toMatchObject({ status: 200, body: { state: 'failed', url: null } });
    expect((await pay(again.body.url!, 'pm_card_visa')).status).toBe(410);
    expect(await withdraw()).toMatchObject({ status: 409, body: { code: 'link_is_over' } });
    expect((await world.as('operator').post('/v1/credit-notes', credit)).status).toBe(201);
  });

  it('that is open while the invoice falls due, and is not used, leaves its buyer past due', async () => {
    world.moveTo('2026-03-03T06:00:00Z');
    await link();
    world.moveTo('2026-03-03T06:10:01Z');
    await world.settled();
    expect(await standing()).toBe('good');
    world.moveTo('2026-03-04T06:01:00Z');
    await world.settled();
    expect(await standing()).toBe('past_due');
    await world.openAccounts();
    await world.settled();
    expect(await invoices()).toMatchObject([{ state: 'paid' }]);
    expect(await standing()).toBe('good');
  });

  it('is made once though the answer of Stripe is lost, and asked after when its news does not come', async () => {
    world.fail('POST /v1/checkout/sessions', { code: 'connection_reset', commitThenTimeOut: true, times: 2 });
    const lost = await link();
    expect(lost.status).toBeGreaterThanOrEqual(500);
    await world.app.settle().catch(() => undefined);
    const made = await link();
    expect(made.body.url).toContain('/c/pay/');
    expect(await world.atStripe('checkout/sessions')).toHaveLength(1);
    await pay(made.body.url!, 'pm_card_visa');
    await world.stage('billing.collect-payment').work(made.body.paymentId);
    expect(await invoices()).toMatchObject([{ state: 'paid' }]);
    await world.settled();
    expect(await world.balances()).toMatchObject({ platform_revenue: -772n, stripe_fees: 142n });
  });

  it('that is agreed to at a bank and comes back days later is not paid', async () => {
    const made = await link();
    await pay(made.body.url!, 'pm_usBankAccount_insufficientFunds');
    await world.settled();
    expect((await world.as('buyer').get(path())).body).toMatchObject({ state: 'processing', url: null });
    world.advance({ days: 5 });
    await world.settled();
    expect((await world.as('buyer').get(path())).body).toMatchObject({ state: 'failed' });
    expect(await invoices()).toMatchObject([{ state: 'open' }]);
    expect(await world.balances()).toEqual({ buyer_receivable: 3863n, vendor_unsettled: -3091n, platform_revenue: -772n });
  });

  it('is for the buyer of the invoice and the operator, and nobody else', async () => {
    expect((await world.as('vendor').put(path(), {})).status).toBe(403);
    expect((await world.as('buyer', newId()).put(path(), {})).status).toBe(404);
    expect((await world.as('buyer').get(path())).body).toMatchObject({ code: 'payment_link_not_found' });
  });
});
