/** What Globex gets to read: its invoice with its own names, order number and terms, on paper and as a table, and collected when due. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asCaller } from '#testing/app.ts';
import { textOf } from '../testing/pdf-text.ts';
import { billingWorld, type World } from '../testing/world.ts';

interface Seen {
  id: string;
  number: string;
  state: string;
  finalisedAt: string;
  dueAt: string;
}

describe('an invoice of Globex', () => {
  let world: World;
  let invoice: Seen;

  const file = async (path: string, kind: 'buyer' | 'vendor' | 'operator' = 'buyer', organizationId = world.market.buyerId) => {
    const response = await fetch(`${world.app.url}${path}`, { headers: await asCaller({ kind, organizationId }) });
    return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
  };
  const seen = async (): Promise<Seen> => (await world.as('buyer').get<{ items: Seen[] }>('/v1/invoices')).body.items[0]!;

  beforeAll(async () => {
    world = await billingWorld({
      settings: { ISSUER: 'Slipway Market Ltd | 1 Quay Street | Dublin', ISSUER_TAX_ID: 'IE1234567X' },
    });
    await world.openAccounts();
    await world.as('buyer').put('/v1/billing-details', {
      legalName: 'Globex Größe GmbH',
      address: ['Hafenstraße 5', '20457 Hamburg'],
      taxId: 'DE123456789',
      purchaseOrder: 'PO-4711',
    });
    await world.as('operator').put(`/v1/payment-terms/${world.market.buyerId}`, { days: 30 });
    await world.january();
    await world.app.settle();
    invoice = await seen();
  });
  afterAll(() => world.close());

  it('has the buyer’s order number and terms, and is not collected before it is due', async () => {
    expect(invoice).toMatchObject({
      state: 'open',
      purchaseOrder: 'PO-4711',
      termsDays: 30,
      finalisedAt: '2026-02-01T06:10:00.000Z',
      dueAt: '2026-03-03T06:10:00.000Z',
    });
    await world.as('buyer').put('/v1/payment-method', { paymentMethodId: 'pm_card_mastercard' });
    world.moveTo('2026-03-03T06:09:59Z');
    await world.app.settle();
    expect(await world.atStripe('payment_intents')).toEqual([]);
    world.moveTo('2026-03-03T06:10:00Z');
    await world.app.settle();
    expect((await seen()).state).toBe('paid');
    expect(await world.atStripe('payment_intents')).toHaveLength(1);
  });

  it('is a PDF with every line, the same bytes each time', async () => {
    const pdf = await file(`/v1/invoices/${invoice.id}/pdf`);
    expect(pdf.status).toBe(200);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.headers.get('content-disposition')).toBe('attachment; filename="SLW-2026-000001.pdf"');
    const text = textOf(pdf.bytes);
    for (const part of [
      'Invoice SLW-2026-000001',
      'Slipway Market Ltd',
      'IE1234567X',
      'Globex Größe GmbH',
      'Hafenstraße 5',
      'PO-4711',
    ])
      expect(text).toContain(part);
    for (const part of [
      'Acme Vault (Acme)',
      'Running machine',
      '0.0837',
      '30.97',
      'Active users',
      '7.66',
      '38.63 USD',
      '2026-03-03',
    ])
      expect(text).toContain(part);
    expect(pdf.bytes.toString('latin1')).toContain('/Lang (en)');
    expect((await file(`/v1/invoices/${invoice.id}/pdf`)).bytes.equals(pdf.bytes)).toBe(true);
  });

  it('keeps what was printed when names change afterwards', async () => {
    const before = (await file(`/v1/invoices/${invoice.id}/pdf`)).bytes;
    await world.as('buyer').put('/v1/billing-details', { legalName: 'Globex Worldwide' });
    await world.database.sql(`update api.organization set name = 'Acme Renamed' where name = 'Acme'`);
    expect((await file(`/v1/invoices/${invoice.id}/pdf`)).bytes.equals(before)).toBe(true);
    await world.database.sql(`update api.organization set name = 'Acme' where name = 'Acme Renamed'`);
  });

  it('is a CSV with a row for each line', async () => {
    const csv = await file(`/v1/invoices/${invoice.id}/csv`);
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [head, ...rows] = csv.bytes.toString().split('\r\n');
    expect(head).toMatch(
      /^invoice,line,vendor,product,description,used_from,used_to,quantity,unit_size,unit,rate,discount,amount,currency/,
    );
    expect(rows[0]).toMatch(
      /^SLW-2026-000001,1,Acme,Acme Vault,Running machine,2026-01-05T09:20:00.000Z,2026-02-01T00:00:00.000Z,370,1,hour,0.0837,0.00,30.97,usd,/,
    );
    expect(rows[1]).toContain(',23,1,user,0.333,0.00,7.66,usd,');
    expect(rows[2]).toBe('');
  });

  it('is nobody else’s to download', async () => {
    for (const form of ['pdf', 'csv']) {
      const path = `/v1/invoices/${invoice.id}/${form}`;
      expect((await file(path, 'vendor', world.market.vendorId)).status).toBe(403);
      expect((await file(path, 'buyer', '0190f0f0-0000-7000-8000-000000000000')).status).toBe(404);
      expect((await file(path, 'operator')).status).toBe(200);
    }
  });

  it('refuses terms that are none, and sets them for buyers alone', async () => {
    const operator = world.as('operator');
    expect((await operator.put(`/v1/payment-terms/${world.market.buyerId}`, { days: 60 })).status).toBe(400);
    expect((await operator.put(`/v1/payment-terms/${world.market.vendorId}`, { days: 15 })).status).toBe(404);
    expect((await world.as('buyer').put(`/v1/payment-terms/${world.market.buyerId}`, { days: 45 })).status).toBe(403);
    expect((await world.as('buyer').put('/v1/billing-details', { legalName: 'Globex\nSecond line' })).status).toBe(400);
    expect((await operator.get(`/v1/payment-terms/${world.market.buyerId}`)).body).toMatchObject({ days: 30 });
  });

  it('cannot be changed, not even by who made it', async () => {
    for (const change of ["purchase_order = 'x'", 'total_minor = 1', "bill_to = '{}'", 'terms_days = 45'])
      await expect(world.database.sql(`update billing.invoice set ${change}`)).rejects.toThrow(
        'is finalised and cannot be changed',
      );
    await expect(world.database.sql('delete from billing.invoice')).rejects.toThrow();
  });
});
