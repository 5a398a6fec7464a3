/** Refunds: whole and in parts, before and after the vendor was paid; what is given back is taken from those who had it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { billingWorld, type World } from '../testing/world.ts';

interface RefundSeen {
  id: string;
  state: string;
  amountMinor: string;
  failure: string | null;
  lines: Array<{ lineId: string; amountMinor: string; feeMinor: string | null; vendorMinor: string | null }>;
}

/** 38.63 paid by card: Stripe keeps 1.42 of it, also when all of it goes back. */
const FEE_ONLY = { stripe_fees: 142n, stripe_clearing: -142n };

describe('refunds', () => {
  let world: World;
  beforeEach(async () => {
    world = await billingWorld();
  });
  afterEach(() => world.close());

  const card = (): Promise<unknown> => world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_card_visa' });
  const invoice = async (): Promise<{ id: string; lines: string[] }> => {
    const [row] = await world.database.sql<{ id: string }>('select id from billing.invoice order by number');
    const lines = await world.database.sql<{ id: string }>(
      'select id from billing.invoice_line where invoice_id = $1 order by amount_minor desc',
      [row!.id],
    );
    return { id: row!.id, lines: lines.map((line) => line.id) };
  };
  const ask = (who: 'vendor' | 'operator', body: object, key?: string) =>
    world.as(who).post<RefundSeen & { code: string }>('/v1/refunds', { reason: 'It did not scan.', ...body }, key);
  const payouts = async () =>
    (await world.as('vendor').get<{ items: Array<{ state: string; amountMinor: string }> }>('/v1/payouts')).body.items;
  const toTheBank = async (): Promise<void> => {
    world.advance({ days: 2, minutes: 1 });
    await world.app.settle();
    world.advance({ seconds: 5 });
    await world.settled();
  };

  it('gives back a part of a line, then all the rest, before the vendor is paid', async () => {
    await card();
    await world.january();
    await world.settled();
    const { id, lines } = await invoice();
    const first = await ask('vendor', { invoiceId: id, lineId: lines[1], amountMinor: '101' });
    expect(first).toMatchObject({
      status: 201,
      body: { state: 'planned', lines: [{ amountMinor: '101', feeMinor: '20', vendorMinor: '81' }] },
    });
    await world.settled();
    expect(await world.balances()).toEqual({
      platform_revenue: -752n,
      vendor_payable: -3010n,
      stripe_fees: 142n,
      stripe_clearing: 3620n,
    });
    expect((await world.as('buyer').get('/v1/refunds')).body).toMatchObject({
      items: [{ state: 'succeeded', amountMinor: '101', lines: [{ feeMinor: null }] }],
    });
    expect(await ask('operator', { invoiceId: id })).toMatchObject({ body: { amountMinor: '3762' } });
    await world.settled();
    expect(await world.balances()).toEqual(FEE_ONLY);
    const refunds = await world.atStripe<{ amount: number; metadata: { op_id: string } }>('refunds');
    expect(refunds.map((refund) => refund.amount).sort()).toEqual([101, 3762]);
    const calls = await world.database.sql(`select id from billing.external_call where operation = 'refunds.create'`);
    expect(calls.map((call) => call.id).sort()).toEqual(refunds.map((refund) => refund.metadata.op_id).sort());
    expect(await ask('operator', { invoiceId: id })).toMatchObject({ status: 409, body: { code: 'nothing_to_refund' } });
  });

  it('takes the money back from the vendor’s account while it is still there', async () => {
    await world.openAccounts();
    await world.january();
    await world.settled();
    expect(await payouts()).toMatchObject([{ state: 'sent', amountMinor: '3091' }]);
    const { id, lines } = await invoice();
    await ask('vendor', { invoiceId: id, lineId: lines[1], amountMinor: '101' });
    await world.settled();
    expect(await world.database.sql('select state, amount_minor from billing.transfer_reversal')).toEqual([
      { state: 'succeeded', amount_minor: '81' },
    ]);
    expect((await world.balances()).vendor_payable).toBeUndefined();
    expect(await payouts()).toMatchObject([{ state: 'sent', amountMinor: '3091', reversedMinor: '81' }]);
    // Nothing goes to the bank when all of it went back before.
    await ask('operator', { invoiceId: id });
    await toTheBank();
    expect(await world.balances()).toEqual(FEE_ONLY);
    expect(await payouts()).toMatchObject([{ state: 'void' }]);
    const [account] = await world.atStripe<{ id: string }>('accounts');
    expect(await world.atStripe('payouts', account!.id)).toEqual([]);
  });

  it('keeps back from the next payout what the vendor has spent already', async () => {
    await world.openAccounts();
    await world.january();
    await world.settled();
    await toTheBank();
    expect(await payouts()).toMatchObject([{ state: 'paid' }]);
    await ask('operator', { invoiceId: (await invoice()).id });
    await world.settled();
    expect(await world.database.sql('select state from billing.transfer_reversal')).toEqual([{ state: 'refused' }]);
    expect((await world.balances()).vendor_payable).toBe(3091n);
    await world.used('2026-02-05', 'users', 200n); // 66.60, of which 53.28 is Acme's
    await world.metered('2026-03-01T00:00:00Z');
    world.moveTo('2026-03-01T06:10:00Z');
    await world.settled();
    expect(await payouts()).toMatchObject([
      { state: 'sent', amountMinor: '2237' },
      { state: 'paid', amountMinor: '3091' },
    ]);
    expect((await world.balances()).vendor_payable).toBeUndefined();
  });

  it('waits with taking it back while the payout is on its way', async () => {
    await world.openAccounts();
    await world.january();
    world.fail('POST /v1/transfers', { code: 'rate_limit', httpStatus: 429 });
    await expect(world.app.settle()).rejects.toMatchObject({ kind: 'throttled' });
    expect(await payouts()).toMatchObject([{ state: 'reserved' }]);
    const { id, lines } = await invoice();
    await ask('operator', { invoiceId: id, lineId: lines[1], amountMinor: '101' });
    await world.stage('billing.claw-back').work((await reversals())[0]!.id);
    expect(await reversals()).toMatchObject([{ state: 'planned' }]);
    await world.settled();
    expect(await reversals()).toMatchObject([{ state: 'succeeded' }]);
    await toTheBank();
    expect(await world.balances()).toEqual({ platform_revenue: -752n, stripe_fees: 142n, stripe_clearing: 610n });
  });

  it('does not take back what Stripe refused to send', async () => {
    await world.openAccounts();
    await world.january();
    world.fail('POST /v1/transfers', { code: 'rate_limit', httpStatus: 429 });
    await expect(world.app.settle()).rejects.toMatchObject({ kind: 'throttled' });
    await ask('operator', { invoiceId: (await invoice()).id });
    world.fail('POST /v1/transfers', { code: 'insufficient_capabilities_for_transfer' });
    await world.settled();
    expect(await reversals()).toMatchObject([{ state: 'refused' }]);
    expect(await world.balances()).toEqual(FEE_ONLY);
    expect(await world.atStripe('transfers')).toEqual([]);
  });

  it('gives everybody their part again when the bank does not take the refund, and pays the vendor once more', async () => {
    await world.openAccounts();
    await world.january();
    await world.settled();
    const { id } = await invoice();
    await ask('operator', { invoiceId: id });
    await world.settled();
    const [refund] = await world.atStripe<{ id: string }>('refunds');
    world.sandbox.stripeControl.failRefund(refund!.id);
    await world.settled();
    expect((await world.as('vendor').get('/v1/refunds')).body).toMatchObject({
      items: [{ state: 'failed', failure: 'The bank did not take it: expired_or_canceled_card.' }],
    });
    expect(await world.balances()).toEqual({
      platform_revenue: -772n,
      vendor_payable: -3091n,
      stripe_fees: 142n,
      stripe_clearing: 3721n,
    });
    // The platform's own balance has nothing yet that could go to Acme; it is tried again each day.
    world.moveTo('2026-02-02T06:10:00Z');
    await world.settled();
    expect(await payouts()).toMatchObject([{ state: 'void' }, { state: 'sent' }]);
    world.moveTo('2026-02-04T06:10:00Z');
    await world.settled();
    expect(await payouts()).toMatchObject([{ state: 'sent', amountMinor: '3091' }, {}, {}]);
    await toTheBank();
    expect(await world.balances()).toEqual({ platform_revenue: -772n, stripe_fees: 142n, stripe_clearing: 630n });
    // It can be asked for again.
    expect(await ask('operator', { invoiceId: id })).toMatchObject({ status: 201, body: { amountMinor: '3863' } });
  });

  it('asks for it once over lost answers, and books a refusal as nothing', async () => {
    await card();
    await world.january();
    await world.settled();
    const { id } = await invoice();
    const key = newId();
    const first = await ask('operator', { invoiceId: id, amountMinor: '33' }, key);
    expect((await ask('operator', { invoiceId: id, amountMinor: '33' }, key)).body).toEqual(first.body);
    expect(await ask('operator', { invoiceId: id, amountMinor: '34' }, key)).toMatchObject({
      body: { code: 'idempotency_mismatch' },
    });
    world.fail('POST /v1/refunds', { code: 'connection_reset', commitThenTimeOut: true, times: 2 });
    await expect(world.app.settle()).rejects.toMatchObject({ kind: 'unknown_outcome' });
    await world.settled();
    expect(await world.atStripe('refunds')).toHaveLength(1);
    world.advance({ seconds: 1 });
    world.fail('POST /v1/refunds', { code: 'charge_disputed', httpStatus: 400 });
    await ask('operator', { invoiceId: id, amountMinor: '66' });
    await world.settled();
    expect((await world.as('operator').get('/v1/refunds')).body).toMatchObject({
      items: [{ state: 'failed' }, { state: 'succeeded' }],
    });
    const end = await world.balances();
    expect([end.stripe_clearing, end.refund_clearing]).toEqual([3863n - 142n - 33n, undefined]);
  });

  it('refuses what was not paid, what is too much, and what is not one’s own', async () => {
    await world.january();
    await world.settled();
    const { id, lines } = await invoice();
    expect(await ask('operator', { invoiceId: id })).toMatchObject({ status: 409, body: { code: 'invoice_not_paid' } });
    await card();
    await world.settled();
    expect(await ask('operator', { invoiceId: id, amountMinor: '3864' })).toMatchObject({
      status: 409,
      body: { code: 'refund_too_large' },
    });
    const tooMuch = await ask('vendor', { invoiceId: id, lineId: lines[1], amountMinor: '767' });
    expect(tooMuch).toMatchObject({
      body: { code: 'refund_too_large', detail: 'At most 7.66 USD of this can still be given back.' },
    });
    const other = world.as('vendor', newId());
    const body = { invoiceId: id, reason: 'Not mine.' };
    expect(await other.post('/v1/refunds', body)).toMatchObject({ status: 404 });
    expect(await world.as('buyer').post('/v1/refunds', body)).toMatchObject({ status: 403 });
    expect(await ask('vendor', { invoiceId: id, lineId: newId() })).toMatchObject({ status: 404 });
    const { body: made } = await ask('vendor', { invoiceId: id, amountMinor: '1' });
    expect(await other.get(`/v1/refunds/${made.id}`)).toMatchObject({ status: 404 });
    expect(await world.as('buyer').get(`/v1/refunds/${made.id}`)).toMatchObject({ status: 200 });
  });

  const reversals = (): Promise<Array<{ id: string; state: string }>> =>
    world.database.sql('select id, state from billing.transfer_reversal');
});
