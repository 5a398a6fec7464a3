/** What Acme is owed from month to month, to the cent, as the book has it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asCaller } from '#testing/app.ts';
import { textOf } from '../testing/pdf-text.ts';
import { billingWorld, type World } from '../testing/world.ts';

describe('a statement of Acme', () => {
  let world: World;

  const file = async (path: string, kind: 'buyer' | 'vendor' = 'vendor', organizationId = world.market.vendorId) => {
    const response = await fetch(`${world.app.url}${path}`, { headers: await asCaller({ kind, organizationId }) });
    return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
  };

  beforeAll(async () => {
    world = await billingWorld();
    await world.january();
    await world.app.settle();
    // Globex has no card in February: Acme is owed its share into March, and paid then.
    world.moveTo('2026-03-02T08:00:00Z');
    await world.openAccounts();
    await world.app.settle();
  });
  afterAll(() => world.close());

  it('begins with nothing, has every line sold with its fee, and says what is owed after', async () => {
    expect((await world.as('vendor').get('/v1/statements/2026-02/usd')).body).toMatchObject({
      vendor: 'Acme',
      isFinal: true,
      openingMinor: '0',
      movements: [{ kind: 'invoice_finalised', amountMinor: '3091' }],
      closingMinor: '3091',
      entries: [
        {
          reference: 'SLW-2026-000001',
          product: 'Acme Vault',
          description: 'Running machine',
          soldMinor: '3097',
          feeMinor: '619',
          amountMinor: '2478',
        },
        { reference: 'SLW-2026-000001', description: 'Active users', soldMinor: '766', feeMinor: '153', amountMinor: '613' },
      ],
    });
  });

  it('goes on where the month before ended, and has the payout', async () => {
    expect((await world.as('vendor').get('/v1/statements/2026-03/usd')).body).toMatchObject({
      isFinal: false,
      openingMinor: '3091',
      movements: [{ kind: 'payout_reserved', amountMinor: '-3091' }],
      closingMinor: '0',
    });
    expect((await world.as('vendor').get('/v1/statements')).body).toEqual({
      items: [
        { period: '2026-03', currency: 'usd', changeMinor: '-3091' },
        { period: '2026-02', currency: 'usd', changeMinor: '3091' },
      ],
    });
  });

  it('can be printed and read as a table, the same bytes each time once the month is over', async () => {
    const pdf = await file('/v1/statements/2026-02/usd/pdf');
    const text = textOf(pdf.bytes);
    for (const part of ['Statement of Acme', 'Owed to you after: 30.91 USD', 'SLW-2026-000001', '24.78', '6.13'])
      expect(text).toContain(part);
    expect((await file('/v1/statements/2026-02/usd/pdf')).bytes.equals(pdf.bytes)).toBe(true);
    expect((await file('/v1/statements/2026-02/usd/csv')).bytes.toString()).toBe(
      [
        'at,kind,reference,product,description,sold,fee,amount,currency',
        '2026-02-01T00:00:00.000Z,opening,,,,,,0.00,usd',
        '2026-02-01T06:10:00.000Z,invoice_finalised,SLW-2026-000001,Acme Vault,Running machine,30.97,6.19,24.78,usd',
        '2026-02-01T06:10:00.000Z,invoice_finalised,SLW-2026-000001,Acme Vault,Active users,7.66,1.53,6.13,usd',
        '2026-03-01T00:00:00.000Z,closing,,,,,,30.91,usd',
        '',
      ].join('\r\n'),
    );
  });

  it('is nobody else’s, and there is none where nothing was ever owed', async () => {
    for (const form of ['', '/pdf', '/csv']) {
      expect((await file(`/v1/statements/2026-02/usd${form}`, 'buyer', world.market.buyerId)).status).toBe(403);
      expect((await file(`/v1/statements/2026-02/usd${form}`, 'vendor', '0190f0f0-0000-7000-8000-000000000000')).status).toBe(
        404,
      );
    }
    expect((await file('/v1/statements/2025-12/usd')).status).toBe(404);
    expect((await file('/v1/statements/2026-13/usd')).status).toBe(400);
  });
});
