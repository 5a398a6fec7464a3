/** Our books beside Stripe's: the same after a month with a refund and a dispute; what anybody changes on either side is named. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller } from '#testing/app.ts';
import { billingWorld, type World } from '../testing/world.ts';

interface Seen {
  id: string;
  finishedAt: string | null;
  totals: Array<{ kind: string; ourCount: number; ourMinor: string; theirCount: number; theirMinor: string }>;
  differences: Array<{ kind: string; cause: string }>;
}

describe('reconciliation', () => {
  let world: World;
  beforeAll(async () => {
    world = await billingWorld();
    await world.openAccounts();
    await world.january();
    await world.settled();
    const [invoice] = await world.database.sql<{ id: string }>('select id from billing.invoice');
    const refund = { invoiceId: invoice!.id, amountMinor: '101', reason: 'Sorry.' };
    expect(await world.as('operator').post('/v1/refunds', refund)).toMatchObject({ status: 201 });
    await world.settled();
    const [intent] = await world.atStripe<{ id: string }>('payment_intents');
    const { id } = world.sandbox.stripeControl.openDispute(intent!.id);
    await world.settled();
    world.sandbox.stripeControl.decideDispute(id, 'won');
    await world.settled();
    world.moveTo('2026-02-03T06:11:00Z');
    await world.settled();
    world.advance({ seconds: 5 });
    await world.settled();
  });
  afterAll(() => world.close());

  const compare = async (from = '2026-02-01T00:00:00Z', to = '2026-02-05T00:00:00Z'): Promise<Seen> => {
    const { status, body } = await world.as('operator').post<Seen>('/v1/reconciliations', { from, to });
    expect(status).toBe(202);
    await world.app.settle();
    return (await world.as('auditor').get<Seen>(`/v1/reconciliations/${body.id}`)).body;
  };

  it('finds no difference after a month, and counts what it compared', async () => {
    const { finishedAt, differences, totals } = await compare();
    expect(finishedAt).not.toBeNull();
    expect(differences).toEqual([]);
    expect(totals.map(({ kind }) => kind)).toEqual([
      'fee',
      'moved:charge',
      'moved:dispute',
      'moved:refund',
      'moved:transfer',
      'moved:transfer_refund',
      'payment_intent',
      'payout',
      'refund',
      'transfer',
    ]);
    for (const { ourCount, ourMinor, theirCount, theirMinor } of totals)
      expect([ourCount, ourMinor]).toEqual([theirCount, theirMinor]);
  });

  it('is made every night by itself, and shown to operators and auditors only', async () => {
    const { body } = await world.as('auditor').get<{ items: Array<{ day: string | null }> }>('/v1/reconciliations');
    expect(body.items).toContainEqual(expect.objectContaining({ day: '2026-02-03', differenceCount: 0 }));
    expect(body.items.filter(({ day }) => day === '2026-02-03')).toHaveLength(1);
    expect(await world.as('vendor').get('/v1/reconciliations')).toMatchObject({ status: 403 });
    const window = { from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' };
    expect(await world.as('auditor').post('/v1/reconciliations', window)).toMatchObject({ status: 403 });
    const whole = { from: '2025-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' };
    expect(await world.as('operator').post('/v1/reconciliations', whole)).toMatchObject({ status: 400 });
  });

  it('names what somebody made at Stripe by hand, in flight for an hour and then missing here', async () => {
    const form = 'amount=500&currency=usd&payment_method=pm_card_visa&confirm=true&allowed_payment_method_types%5B0%5D=card';
    const headers = { authorization: 'Bearer sk_test_slipway_sandbox', 'content-type': 'application/x-www-form-urlencoded' };
    const made = await fetch(`${world.sandbox.stripe}/v1/payment_intents`, { method: 'POST', headers, body: form });
    expect(await made.json()).toMatchObject({ status: 'succeeded' });
    const { differences: atOnce } = await compare();
    expect(atOnce.map(({ kind, cause }) => `${kind} ${cause}`).sort()).toEqual([
      'fee in_flight',
      'moved:charge in_flight',
      'payment_intent in_flight',
    ]);
    world.advance({ hours: 2 });
    const { id, differences } = await compare();
    expect(differences.map(({ kind, cause }) => `${kind} ${cause}`).sort()).toEqual([
      'fee fee',
      'moved:charge missing_here',
      'payment_intent missing_here',
    ]);
    const asAuditor = { headers: await asCaller({ kind: 'auditor', organizationId: newId() }) };
    const csv = await (await fetch(`${world.app.url}/v1/reconciliations/${id}/csv`, asAuditor)).text();
    expect(csv.split('\r\n')[0]).toBe('kind,key,cause,currency,ourId,our,theirId,their,at');
    expect(csv).toContain(',usd,,,');
    expect(await compare('2026-02-01T00:00:00Z', '2026-02-03T00:00:00Z')).toMatchObject({ differences: [] });
  });

  it('names what somebody with all rights changed here, and what Stripe does not have', async () => {
    await world.database.sql(
      `update billing.external_call set params = jsonb_set(params, '{amount}', '"102"') where operation = 'refunds.create'`,
    );
    await world.database.sql(
      `insert into billing.external_call (id, operation, params, idempotency_key, state, attempts, created_at, first_sent_at, object_id)
       select made.id, 'transfers.create', '{"amount": "7", "currency": "usd"}', made.id, 'succeeded', 1, $1, $1, 'tr_none'
         from (select gen_random_uuid() as id) made`,
      [new Date('2026-02-01T12:00:00Z')],
    );
    const { differences } = await compare('2026-02-01T00:00:00Z', '2026-02-03T00:00:00Z');
    expect(differences).toMatchObject([
      { kind: 'refund', cause: 'amount_differs', ourMinor: '102', theirMinor: '101' },
      { kind: 'transfer', cause: 'missing_there', ourId: 'tr_none', theirId: null },
    ]);
  });
});
