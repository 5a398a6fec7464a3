/** Globex's invoice of 38.63 is credited: in part, in more than there is, and until nothing is left; the book knows each cent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asCaller } from '#testing/app.ts';
import { textOf } from '../testing/pdf-text.ts';
import { billingWorld, type World } from '../testing/world.ts';

interface Note {
  id: string;
  number: string;
  totalMinor: string;
}

describe('a credit note', () => {
  let world: World;
  let invoiceId: string;
  let lines: Array<{ id: string; amountMinor: string }>;

  const credit = (body: object, key?: string) =>
    world
      .as('operator')
      .post<Note & { code: string }>('/v1/credit-notes', { invoiceId, reason: 'The vault was down.', ...body }, key);
  const standing = async (): Promise<unknown> => (await world.as('buyer').get('/v1/payment-method')).body.standing;

  beforeAll(async () => {
    world = await billingWorld();
    await world.january();
    await world.app.settle();
    const { body } = await world.as('buyer').get<{ items: Array<{ id: string }> }>('/v1/invoices');
    invoiceId = body.items[0]!.id;
    lines = (await world.as('buyer').get<{ lines: typeof lines }>(`/v1/invoices/${invoiceId}`)).body.lines;
  });
  afterAll(() => world.close());

  it('takes a part of a line off what is due, with the fee of that part, once for one key', async () => {
    const body = { lines: [{ lineId: lines[0]!.id, amountMinor: '1001' }] };
    const first = await credit(body, 'outage-1');
    expect(first).toMatchObject({
      status: 201,
      body: { number: 'SLC-2026-000001', invoice: 'SLW-2026-000001', totalMinor: '1001' },
    });
    expect((await credit(body, 'outage-1')).body.id).toBe(first.body.id);
    expect(await credit({ lines: [{ ...body.lines[0], amountMinor: '1002' }] }, 'outage-1')).toMatchObject({
      status: 409,
      body: { code: 'idempotency_mismatch' },
    });
    expect((await world.as('buyer').get(`/v1/invoices/${invoiceId}`)).body).toMatchObject({
      state: 'open',
      totalMinor: '3863',
      creditedMinor: '1001',
    });
    // Of 10.01 the fee is 2.00 and Acme's part 8.01.
    expect(await world.balances()).toEqual({ buyer_receivable: 2862n, vendor_unsettled: -2290n, platform_revenue: -572n });
  });

  it('is never more than what is left of its line, nor of lines of others', async () => {
    expect(await credit({ lines: [{ lineId: lines[0]!.id, amountMinor: '2097' }] })).toMatchObject({
      status: 409,
      body: { code: 'more_than_is_left' },
    });
    expect((await credit({ lines: [{ lineId: invoiceId, amountMinor: '1' }] })).status).toBe(404);
    expect((await credit({ invoiceId: lines[0]!.id })).status).toBe(404);
    const [note] = await world.database.sql<{ id: string }>('select id from billing.credit_note');
    await expect(
      world.database.sql(
        `insert into billing.credit_note_line (credit_note_id, line_id, amount_minor, fee_minor, vendor_minor) values ($1, $2, 767, 0, 767)`,
        [note!.id, lines[1]!.id],
      ),
    ).rejects.toThrow('would be credited');
    await expect(world.database.sql('update billing.credit_note set total_minor = 1')).rejects.toThrow('append-only');
  });

  it('can be read and printed by its buyer, and by nobody else', async () => {
    const { body } = await world.as('buyer').get<{ items: Note[] }>('/v1/credit-notes');
    expect(body.items).toMatchObject([
      { number: 'SLC-2026-000001', lines: [{ ordinal: 1, description: 'Running machine', amountMinor: '1001' }] },
    ]);
    const path = `/v1/credit-notes/${body.items[0]!.id}`;
    const headers = await asCaller({ kind: 'buyer', organizationId: world.market.buyerId });
    const pdf = Buffer.from(await (await fetch(`${world.app.url}${path}/pdf`, { headers })).arrayBuffer());
    for (const part of ['Credit note SLC-2026-000001', 'SLW-2026-000001', 'The vault was down.', '10.01 USD'])
      expect(textOf(pdf)).toContain(part);
    expect(await (await fetch(`${world.app.url}${path}/csv`, { headers })).text()).toMatch(
      /^credit_note,issued_at,invoice,line,description,amount,currency,reason\r\nSLC-2026-000001,[^,]+,SLW-2026-000001,1,Running machine,10.01,usd,The vault was down.\r\n$/,
    );
    expect((await world.as('vendor').get(path)).status).toBe(403);
    expect((await world.as('buyer', '0190f0f0-0000-7000-8000-000000000000').get(path)).status).toBe(404);
    expect((await world.as('buyer').post('/v1/credit-notes', { invoiceId, reason: 'Please.' })).status).toBe(403);
  });

  it('leaves less to collect, release and pay out', async () => {
    expect(await standing()).toBe('past_due');
    await world.openAccounts();
    await world.settled();
    expect(await world.atStripe('payment_intents')).toMatchObject([{ amount: 2862 }]);
    expect((await world.as('vendor').get('/v1/payouts')).body).toMatchObject({ items: [{ amountMinor: '2290' }] });
    expect(await world.balances()).toMatchObject({ platform_revenue: -572n });
    expect((await world.balances()).buyer_receivable).toBeUndefined();
    expect(await credit({})).toMatchObject({ status: 409, body: { code: 'invoice_is_paid' } });
  });

  it('and a refund together never give back more than there was', async () => {
    const refund = (body: object) =>
      world.as('operator').post('/v1/refunds', { invoiceId, reason: 'The vault was down.', ...body });
    expect((await refund({ amountMinor: '2863' })).status).toBe(409);
    expect((await refund({ lineId: lines[0]!.id, amountMinor: '2097' })).status).toBe(409);
    expect(await refund({})).toMatchObject({ status: 201, body: { amountMinor: '2862' } });
    expect(
      await world.database.sql(
        `select (select sum(amount_minor)::text from billing.line_return where line_id = invoice_line.id) as refunded,
           (select sum(fee_minor)::text from billing.line_return where line_id = invoice_line.id) as fee from billing.invoice_line order by ordinal`,
      ),
    ).toEqual([
      { refunded: '2096', fee: '419' },
      { refunded: '766', fee: '153' },
    ]);
  });
});

describe('credit notes over all that is left', () => {
  let world: World;
  beforeAll(async () => {
    world = await billingWorld();
  });
  afterAll(() => world.close());

  it('end where the invoice never was, however it is cut, and settle it', async () => {
    await world.january();
    await world.app.settle();
    const { body } = await world.as('buyer').get<{ items: Array<{ id: string }> }>('/v1/invoices');
    const invoiceId = body.items[0]!.id;
    const { lines } = (await world.as('buyer').get<{ lines: Array<{ id: string }> }>(`/v1/invoices/${invoiceId}`)).body;
    for (const amountMinor of ['1', '3', '333', '7'])
      await world
        .as('operator')
        .post('/v1/credit-notes', { invoiceId, reason: 'Bit by bit.', lines: [{ lineId: lines[0]!.id, amountMinor }] });
    const rest = await world.as('operator').post<Note>('/v1/credit-notes', { invoiceId, reason: 'All of it.' });
    expect(rest.body).toMatchObject({ number: 'SLC-2026-000005', totalMinor: '3519' });
    expect(await world.balances()).toEqual({});
    expect((await world.as('buyer').get(`/v1/invoices/${invoiceId}`)).body).toMatchObject({
      state: 'paid',
      creditedMinor: '3863',
    });
    expect((await world.as('buyer').get('/v1/payment-method')).body).toMatchObject({ standing: 'good' });
    await world.openAccounts();
    await world.app.settle();
    expect(await world.atStripe('payment_intents')).toEqual([]);
    expect((await world.as('vendor').get('/v1/payouts')).body).toEqual({ items: [] });
    expect(await world.balances()).toEqual({});
  });
});

describe('a credit note on an invoice that credit paid a part of', () => {
  let world: World;
  beforeAll(async () => {
    world = await billingWorld();
  });
  afterAll(() => world.close());

  it('leaves as much to refund as was paid in money', async () => {
    await world.as('operator').post('/v1/credits', {
      buyerId: world.market.buyerId,
      currency: 'usd',
      amountMinor: '500',
      reason: 'Welcome',
    });
    await world.january();
    await world.app.settle();
    const { body } = await world.as('buyer').get<{ items: Array<{ id: string }> }>('/v1/invoices');
    const invoiceId = body.items[0]!.id;
    const { lines } = (await world.as('buyer').get<{ lines: Array<{ id: string }> }>(`/v1/invoices/${invoiceId}`)).body;
    const note = { invoiceId, reason: 'The vault was down.', lines: [{ lineId: lines[0]!.id, amountMinor: '1001' }] };
    expect((await world.as('operator').post('/v1/credit-notes', note)).status).toBe(201);
    await world.openAccounts();
    await world.settled();
    expect(await world.atStripe('payment_intents')).toMatchObject([{ amount: 2362 }]);
    const refund = { invoiceId, reason: 'The vault was down.' };
    expect(await world.as('operator').post('/v1/refunds', { ...refund, amountMinor: '2363' })).toMatchObject({
      status: 409,
      body: { code: 'refund_too_large' },
    });
    expect(await world.as('operator').post('/v1/refunds', refund)).toMatchObject({
      status: 201,
      body: { amountMinor: '2362' },
    });
  });
});
