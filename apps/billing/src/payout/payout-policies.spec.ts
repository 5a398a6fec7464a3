/** Acme is paid on Mondays, a tenth of each share is kept back for thirty days, and payouts above 20 USD need two people. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller } from '#testing/app.ts';
import { billingWorld, type World } from '../testing/world.ts';
import type { PayoutForecastView } from './payout-forecast.schema.ts';
import type { LargePayoutView } from './payout-policies.schema.ts';

interface PayoutSeen {
  id: string;
  state: string;
  amountMinor: string;
  failure: string | null;
}

describe('a payout policy', () => {
  const [ann, ben] = [newId(), newId()];
  const organizationId = newId();
  let world: World;
  beforeAll(async () => {
    world = await billingWorld({ settings: { PAYOUT_APPROVAL_ABOVE: '20' } });
  });
  afterAll(() => world.close());

  const payouts = async (): Promise<PayoutSeen[]> =>
    (await world.as('vendor').get<{ items: PayoutSeen[] }>('/v1/payouts')).body.items;
  const position = async (): Promise<Record<string, string>> =>
    (await world.as('vendor').get<{ items: Array<Record<string, string>> }>('/v1/earnings')).body.items[0]!;
  /** As a person of the operator's. */
  const says = async (userId: string | null, method: string, path: string, body: object) => {
    const headers = { ...(await asCaller({ kind: 'operator', organizationId, userId })), 'content-type': 'application/json' };
    const response = await fetch(`${world.app.url}/v1/payout-approvals${path}`, { method, headers, body: JSON.stringify(body) });
    return { status: response.status, body: (await response.json()) as LargePayoutView & { code: string } };
  };
  const ask = (userId: string | null, payoutId: string) =>
    says(userId, 'POST', '', { payoutId, reason: 'The month of January.' });
  const decide = (userId: string, payoutId: string, decision: string) =>
    says(userId, 'PUT', `/${payoutId}/decision`, { decision, note: 'Looked at the statement.' });

  it('is the vendor’s to choose, but for the reserve, and never below the platform’s minimum', async () => {
    expect((await world.as('vendor').get('/v1/payout-policy')).body).toMatchObject({ interval: 'daily', minimumMinor: '100' });
    const { vendorId } = world.market;
    const path = `/v1/payout-policies/${vendorId}`;
    const own = { interval: 'daily', minimumMinor: null };
    expect((await world.as('operator').put(path, { ...own, reserveBasisPoints: 1000, reserveDays: 30 })).status).toBe(200);
    expect((await world.as('vendor').put('/v1/payout-policy', { ...own, reserveBasisPoints: 0 })).status).toBe(400);
    expect((await world.as('vendor').put('/v1/payout-policy', { interval: 'weekly', minimumMinor: '1' })).body).toMatchObject({
      interval: 'weekly',
      minimumMinor: '100',
      reserveBasisPoints: 1000,
      reserveDays: 30,
    });
    expect((await world.as('vendor').get(path)).status).toBe(403);
    expect((await world.as('operator').get(`/v1/payout-policies/${world.market.buyerId}`)).status).toBe(404);
  });

  it('keeps shares until Monday, and a tenth of each apart', async () => {
    await world.openAccounts();
    await world.january();
    await world.app.settle();
    expect(await payouts()).toEqual([]);
    expect(await position()).toMatchObject({ earnedMinor: '3091', payableMinor: '2782', reservedMinor: '309' });
    world.moveTo('2026-02-01T23:59:59Z');
    await world.app.settle();
    expect(await payouts()).toEqual([]);
  });

  it('is forecast: the shares with Monday’s run once Stripe lets go, the reserve on the Monday after its time', async () => {
    const { body } = await world.as('vendor').get<PayoutForecastView>('/v1/payout-forecast');
    const dates = body.items.map(({ kind, amountMinor, waitsFor, expectedAt }) => [kind, amountMinor, waitsFor, expectedAt]);
    const [available] = await world.database.sql<{ at: Date }>('select available_at as at from billing.payment');
    expect(dates).toEqual([
      ['share', '2230', 'payout', available!.at.toISOString()],
      ['share', '552', 'payout', available!.at.toISOString()],
      ['reserve', '248', 'hold', '2026-03-09T00:00:00.000Z'],
      ['reserve', '61', 'hold', '2026-03-09T00:00:00.000Z'],
    ]);
    expect(body.items[0]).toMatchObject({
      dimension: 'hours',
      usedFrom: '2026-01-05T09:20:00.000Z',
      usedTo: '2026-02-01T00:00:00.000Z',
    });
    expect(body.days).toEqual([
      { day: '2026-02-03', currency: 'usd', amountMinor: '2782' },
      { day: '2026-03-09', currency: 'usd', amountMinor: '309' },
    ]);
    expect(body.undated).toEqual([]);
    expect((await world.as('vendor', newId()).get('/v1/payout-forecast')).body).toMatchObject({ items: [], days: [] });
    expect((await world.as('buyer').get('/v1/payout-forecast')).status).toBe(403);
  });

  it('sends a large payout only when one person asked for it and another agreed; one that is refused is another next week', async () => {
    world.moveTo('2026-02-02T00:00:01Z');
    await world.app.settle();
    const [payout] = await payouts();
    expect(payout).toMatchObject({ state: 'reserved', amountMinor: '2782' });
    expect(await world.atStripe('transfers')).toEqual([]);
    expect(await ask(null, payout!.id)).toMatchObject({ status: 409, body: { code: 'needs_a_person' } });
    expect(await decide(ben, payout!.id, 'approved')).toMatchObject({ status: 409, body: { code: 'payout_not_asked_for' } });
    expect(await ask(ann, payout!.id)).toMatchObject({ status: 201, body: { vendor: 'Acme', approval: 'asked', askedBy: ann } });
    expect(await ask(ben, payout!.id)).toMatchObject({ status: 409, body: { code: 'payout_asked_for' } });
    expect(await decide(ann, payout!.id, 'approved')).toMatchObject({ status: 409, body: { code: 'needs_another_person' } });
    expect((await world.as('vendor').get('/v1/payout-forecast')).body).toMatchObject({
      items: [{ waitsFor: 'approval', expectedAt: null }, {}, {}, {}],
      undated: [{ currency: 'usd', amountMinor: '2782' }],
    });
    expect(await decide(ben, payout!.id, 'refused')).toMatchObject({ status: 200, body: { approval: 'refused' } });
    await world.app.settle();
    expect(await payouts()).toMatchObject([{ state: 'void', failure: 'Refused: Looked at the statement.' }]);
    expect(await position()).toMatchObject({ payableMinor: '2782', inTransitMinor: '0' });

    world.moveTo('2026-02-09T00:00:01Z');
    await world.app.settle();
    const [second] = await payouts();
    expect(second).toMatchObject({ state: 'reserved', amountMinor: '2782' });
    expect(second!.id).not.toBe(payout!.id);
    await ask(ann, second!.id);
    await world.app.settle();
    expect(await world.atStripe('transfers')).toEqual([]);
    await decide(ben, second!.id, 'approved');
    await world.app.settle();
    expect((await world.atStripe<{ amount: number }>('transfers')).map(({ amount }) => amount)).toEqual([2782]);
  });

  it('takes what goes back to the buyer from the reserve before it asks the vendor', async () => {
    const { body } = await world.as('buyer').get<{ items: Array<{ id: string }> }>('/v1/invoices');
    const refund = { invoiceId: body.items[0]!.id, amountMinor: '100', reason: 'An outage.' };
    expect((await world.as('operator').post('/v1/refunds', refund)).status).toBe(201);
    await world.app.settle();
    // Acme's part of 1.00 is 0.80, or 0.79 where both lines round so.
    const { reservedMinor, payableMinor, returnedMinor } = await position();
    expect(BigInt(reservedMinor!) + BigInt(returnedMinor!)).toBe(309n);
    expect(payableMinor).toBe('0');
    expect(await world.database.sql('select id from billing.transfer_reversal')).toEqual([]);
  });

  it('lets go of the reserve when its time is over', async () => {
    const { reservedMinor } = await position();
    world.moveTo('2026-03-03T06:09:59Z');
    await world.app.settle();
    expect((await position()).reservedMinor).toBe(reservedMinor);
    world.moveTo('2026-03-03T06:10:00Z');
    await world.app.settle();
    expect(await position()).toMatchObject({ reservedMinor: '0', payableMinor: '0' });
    expect((await payouts())[0]).toMatchObject({ state: 'sent', amountMinor: reservedMinor });
    expect((await world.as('operator').get('/v1/ledger/trial-balance')).body).toMatchObject({
      totals: [{ currency: 'usd', totalMinor: '0' }],
    });
  });
});
