/** Globex asks what a line is, Acme what became of it: from the invoice to the records and their signers, and on to Acme's payout. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { metering } from '../../../metering/src/metering.app.ts';
import { closed, invoices } from '../testing/prices.ts';
import { billingWorld, type World } from '../testing/world.ts';
import type { ExplanationView, RecordPageView } from './explain.schema.ts';

describe('an invoice line', () => {
  let world: World;
  let meter: AppUnderTest;
  let lineId: string;
  let lateLineId: string;

  const asVendor = async (): Promise<Record<string, string>> => ({
    ...(await asCaller({ organizationId: world.market.vendorId, kind: 'vendor' })),
    'content-type': 'application/json',
  });
  const report = async (at: string, quantity: number): Promise<void> => {
    const records = [{ subscriptionId: world.market.subscriptionId, at, dimension: 'users', quantity }];
    const answer = await fetch(`${meter.url}/v1/usage`, {
      method: 'POST',
      headers: await asVendor(),
      body: JSON.stringify({ records }),
    });
    expect(await answer.json()).toMatchObject({ results: [{ status: 'accepted' }] });
  };
  const explain = async (who: 'buyer' | 'vendor' | 'operator', id = lineId): Promise<ExplanationView> => {
    const { status, body } = await world.as(who).get<ExplanationView>(`/v1/explain/${id}`);
    expect([status, body]).toEqual([200, body]);
    return body;
  };

  beforeAll(async () => {
    world = await billingWorld();
    meter = await startApp(metering, { database: world.database, clock: world.clock });
    await world.openAccounts();
    await world.app.settle();
    await report('2026-01-05T09:10:00Z', 3);
    world.moveTo('2026-01-06T12:00:00Z');
    await report('2026-01-06T11:00:00Z', 4);
    await report('2026-01-06T10:00:00Z', 5);
    await meter.settle();
    await closed(world, '2026-01');
    // In February two more users of 6 January are found.
    await world.database.sql(
      `insert into metering.usage_adjustment (subscription_id, id, hour, dimension, delta, reason, requested_by, approved_by, idem_key, created_at)
       values ($1, $2, '2026-01-06T11:00:00Z', 'users', 2, 'Not counted.', 'user:acme', 'user:globex', 'correction 1', '2026-02-10T00:00:00Z')`,
      [world.market.subscriptionId, newId()],
    );
    await world.database.sql(`insert into metering.usage_dirty (subscription_id, day, mark) values ($1, '2026-01-06', $2)`, [
      world.market.subscriptionId,
      newId(),
    ]);
    world.moveTo('2026-02-10T12:00:00Z');
    await report('2026-02-10T11:00:00Z', 50);
    await meter.settle();
    await closed(world, '2026-02');
    const [january, february] = await invoices(world);
    lineId = january!.lines[0]!.id;
    lateLineId = february!.lines.find(({ lateDays }) => lateDays.length > 0)!.id;
  });
  afterAll(async () => {
    await meter?.close();
    await world?.close();
  });

  it('names the price version, and rates again to the same bytes, whatever was corrected since', async () => {
    const { line, invoice, price, rating } = await explain('buyer');
    expect(line).toMatchObject({
      id: lineId,
      buyer: 'Globex',
      vendor: 'Acme',
      quantity: '12',
      rate: '0.333',
      amountMinor: '400',
    });
    expect(invoice).toMatchObject({ number: 'SLW-2026-000001', state: 'paid' });
    expect(price).toMatchObject({
      priceVersionId: world.market.priceVersionId,
      effectiveFrom: '2026-01-05T09:20:00.000Z',
      model: 'metered',
      terms: { model: 'metered', rate: '0.333' },
    });
    expect(rating).toMatchObject({ revision: 0, exactAmount: '3.996', isSame: true });
    expect([rating.keptSha, rating.reratedSha]).toEqual([rating.inputSha, rating.inputSha]);
  });

  it('is of daily sums that are proven to be of these records, each with its signer and receipt', async () => {
    const { days, records, corrections } = await explain('buyer');
    expect(days).toMatchObject([
      { day: '2026-01-05', quantity: '3', sum: '3', records: 1, corrections: 0, isProven: true },
      { day: '2026-01-06', quantity: '9', sum: '9', records: 2, corrections: 0, isProven: true },
    ]);
    expect(records.items).toMatchObject([
      { hour: '2026-01-05T09:00:00.000Z', quantity: '3', instanceId: null, signedBy: `organization:${world.market.vendorId}` },
      { hour: '2026-01-06T10:00:00.000Z', quantity: '5', receipt: { sequence: expect.any(String), sha: expect.any(String) } },
      { hour: '2026-01-06T11:00:00.000Z', quantity: '4' },
    ]);
    expect(corrections).toMatchObject([
      { delta: '2', reason: 'Not counted.', requestedBy: 'user:acme', approvedBy: 'user:globex' },
    ]);
  });

  it('that was found late says by how much the day differs, and rates again to the same bytes too', async () => {
    const { line, rating, days } = await explain('buyer', lateLineId);
    expect(line).toMatchObject({ quantity: '2', amountMinor: '67' });
    expect(rating).toMatchObject({ revision: 1, isSame: true });
    expect(days).toMatchObject([{ day: '2026-01-06', quantity: '2', sum: '11', records: 2, corrections: 1, isProven: true }]);
  });

  it('shows that something was changed behind metering’s back', async () => {
    const change = (quantity: number): Promise<unknown> =>
      world.database.sql(`update metering.usage_record set quantity = $1 where hour = '2026-01-05T09:00:00Z'`, [quantity]);
    await change(2);
    expect((await explain('buyer')).days[0]).toMatchObject({ quantity: '3', sum: '2', isProven: false });
    await change(3);
    expect((await explain('buyer')).days[0]).toMatchObject({ isProven: true });
  });

  it('leads on to journals, fee, transfer and payout', async () => {
    const { journals, fee, payment, transfer, payout } = await explain('operator');
    expect(journals.map(({ kind }) => kind)).toEqual([
      'invoice_finalised',
      'payment_succeeded',
      'share_released',
      'payout_reserved',
      'payout_sent',
    ]);
    for (const { postings } of journals)
      expect(postings.reduce((sum, { amountMinor }) => sum + BigInt(amountMinor), 0n)).toBe(0n);
    expect(fee).toMatchObject({ basisPoints: 2000, feeMinor: '80', vendorMinor: '320' });
    expect(payment).toMatchObject({
      state: 'succeeded',
      amountMinor: '400',
      stripePaymentIntentId: expect.stringMatching(/^pi_/),
    });
    expect(transfer).toMatchObject({ stripeTransferId: expect.stringMatching(/^tr_/) });
    expect(payout).toMatchObject({ state: expect.stringMatching(/sent|paid/), amountMinor: '320' });
  });

  it('is explained to each side as far as it is theirs, and not there for anybody else', async () => {
    const buyer = await explain('buyer');
    expect(buyer).toMatchObject({ fee: null, transfer: null, payout: null, payment: { state: 'succeeded' } });
    const accounts = ({ journals }: ExplanationView): string[] =>
      journals.flatMap(({ postings }) => postings.map(({ account }) => account.split('/')[0]!));
    expect(new Set(accounts(buyer))).toEqual(new Set(['buyer_receivable']));
    const vendor = await explain('vendor');
    expect(vendor).toMatchObject({
      invoice: { id: null },
      fee: { vendorMinor: '320' },
      payment: { stripePaymentIntentId: null },
    });
    expect(new Set(accounts(vendor))).toEqual(new Set(['vendor_unsettled', 'vendor_payable']));
    for (const who of ['buyer', 'vendor'] as const)
      for (const path of [lineId, `${lineId}/records`])
        expect(await world.as(who, newId()).get(`/v1/explain/${path}`)).toMatchObject({
          status: 404,
          body: { code: 'invoice_line_not_found' },
        });
    expect((await world.as('operator').get(`/v1/explain/${newId()}`)).status).toBe(404);
  });

  it('is printed by `slipway explain`, which fails where something is not proven', async () => {
    // The command asks the one origin, which vouches for callers; here a key stands for Globex.
    const origin = createServer(async (request, response) => {
      const isGlobex = request.headers.authorization === 'Bearer key-of-globex';
      const kind = { organizationId: isGlobex ? world.market.buyerId : newId(), kind: 'buyer' } as const;
      const answer = await fetch(`${world.app.url}${request.url}`, { headers: await asCaller(kind) });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    }).listen(0, '127.0.0.1');
    await once(origin, 'listening');
    const market = `http://127.0.0.1:${(origin.address() as AddressInfo).port}`;
    const run = (...given: string[]): Promise<{ code: number; text: string }> =>
      new Promise((resolve) => {
        const args = ['apps/cli/slipway.mjs', 'explain', ...given, '--market', market];
        execFile(process.execPath, args, (error, out, err) => resolve({ code: Number(error?.code ?? 0), text: out + err }));
      });
    try {
      const { code, text } = await run(lineId, '--key', 'key-of-globex');
      expect([code, text]).toEqual([0, text]);
      for (const part of [
        'Acme Vault of Acme for Globex: 4.00 USD',
        'the same',
        '2026-01-06: 9 of 2 records',
        'signed by organization:',
      ])
        expect(text).toContain(part);
      expect(await run(lineId, '--key', 'key-of-hooli')).toMatchObject({ code: 2, text: expect.stringContaining('error:') });
    } finally {
      origin.close();
    }
  });

  it('pages through its records from any one of them', async () => {
    const [first] = (await explain('buyer')).records.items;
    const after = `${first!.hour}_${world.market.subscriptionId}`;
    const page = await world.as('vendor').get<RecordPageView>(`/v1/explain/${lineId}/records?after=${after}`);
    expect(page.body.items.map(({ quantity }) => quantity)).toEqual(['5', '4']);
    expect(page.body.next).toBeNull();
    expect((await world.as('vendor').get(`/v1/explain/${lineId}/records?after=there`)).status).toBe(400);
  });

  it('is explained from archived days too', async () => {
    await world.database.sql(`select metering.open_day('2026-01-05')`);
    await world.database.sql(`delete from metering.usage_unreceipted`);
    expect(await world.database.sql(`select metering.archive_day('2026-01-05') as archived`)).toEqual([{ archived: true }]);
    const { days, records } = await explain('buyer');
    expect(days.map(({ isProven }) => isProven)).toEqual([true, true]);
    expect(records.items).toHaveLength(3);
  });
});
