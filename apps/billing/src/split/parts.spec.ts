/** Initech resells Acme's Vault to Globex, and the project inside has a share: one line goes four ways, and back the same way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { billingWorld, type World } from '../testing/world.ts';
import type { FeeReceiptView } from './fee-rules.schema.ts';

interface Earned {
  items: Array<{ partsMinor: string; payableMinor: string; inTransitMinor: string; paidOutMinor: string }>;
  lines: Array<{ id: string; description: string; feeMinor: string; vendorMinor: string }>;
}

describe('a line that is resold', () => {
  const [initech, project] = [newId(), newId()];
  let world: World;
  let invoiceId: string;

  const earned = async (who: string): Promise<Earned> => (await world.as('vendor', who).get<Earned>('/v1/earnings')).body;
  /** By account, owner and all. */
  const balance = async (account: string): Promise<bigint> => {
    const [row] = await world.database.sql<{ sum: string }>(
      'select coalesce(sum(amount_minor), 0)::text as sum from billing.posting where account = $1',
      [account],
    );
    return BigInt(row!.sum);
  };

  beforeAll(async () => {
    world = await billingWorld();
    for (const [id, name] of [
      [initech, 'Initech'],
      [project, 'The Vault Project'],
    ])
      await world.database.sql(
        `insert into api.organization (id, name, slug, "createdAt", kind) values ($1::uuid, $2, $1::text, now(), 'vendor')`,
        [id, name],
      );
    await world.database.sql(
      `update api.offer set kind = 'private', name = 'Globex', expires_at = '2026-03-01', reseller_id = $2, reseller_basis_points = 1000 where id = $1`,
      [world.market.offerId, initech],
    );
    const version = {
      model: 'percent',
      basisPoints: 2000,
      upstream: { organizationId: project, basisPoints: 250 },
      reason: 'As agreed.',
    };
    const refused = await world.as('operator').post('/v1/fee-rules', {
      name: 'Resold',
      version: { ...version, upstream: { organizationId: world.market.buyerId, basisPoints: 1 } },
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'unknown_upstream' } });
    const made = await world.as('operator').post('/v1/fee-rules', { name: 'Resold', isResale: true, version });
    expect(made.status).toBe(201);
    await world.openAccounts();
    await world.january();
    await world.app.settle();
    await world.settled();
    invoiceId = (await world.as('buyer').get<{ items: Array<{ id: string }> }>('/v1/invoices')).body.items[0]!.id;
  });
  afterAll(() => world.close());

  it('is divided among platform, reseller, project and vendor, to the cent', async () => {
    const { lines } = await earned(world.market.vendorId);
    expect(lines).toMatchObject([
      { description: 'Running machine', feeMinor: '1006', vendorMinor: '2091' },
      { description: 'Active users', feeMinor: '249', vendorMinor: '517' },
    ]);
    const { body } = await world.as('vendor').get<FeeReceiptView>(`/v1/fee-receipts/${lines[0]!.id}`);
    expect(body).toMatchObject({
      formula: '30.97 × 20 % = 6.19',
      parts: [
        { kind: 'reseller', organization: 'Initech', basisPoints: 1000, amountMinor: '310' },
        { kind: 'upstream', organization: 'The Vault Project', amountMinor: '77' },
      ],
      rest: '30.97 − 6.19 − 3.10 (reseller) − 0.77 (upstream) = 20.91',
    });
    expect(await balance('platform_revenue')).toBe(-772n);
    expect(await balance(`vendor_payable/${initech}`)).toBe(-387n);
    expect(await balance(`vendor_payable/${project}`)).toBe(-96n);
    expect((await earned(initech)).items).toMatchObject([{ partsMinor: '387', payableMinor: '387' }]);
  });

  it('pays the reseller like any vendor, from the platform’s own balance', async () => {
    const to = { country: 'US', email: 'money@initech.example' };
    const { body } = await world.as('vendor', initech).put<{ onboardingUrl: string }>('/v1/payout-account', to);
    await fetch(body.onboardingUrl, { redirect: 'manual' });
    await world.as('vendor', initech).put('/v1/payout-account', to);
    world.moveTo('2026-02-04T06:11:00Z');
    await world.app.settle();
    expect((await world.as('vendor', initech).get('/v1/payouts')).body).toMatchObject({ items: [{ amountMinor: '387' }] });
    expect(await balance(`vendor_payable/${initech}`)).toBe(0n);
  });

  it('goes back as it was divided, whoever was paid already', async () => {
    const [line] = (await earned(world.market.vendorId)).lines;
    const refund = { invoiceId, lineId: line!.id, amountMinor: '1000', reason: 'An outage.' };
    expect((await world.as('operator').post('/v1/refunds', refund)).status).toBe(201);
    await world.app.settle();
    // Of 3.10 and 0.77, what 20.97 of 30.97 come to is 2.10 and 0.52.
    expect(await balance(`vendor_payable/${initech}`)).toBe(100n);
    expect(await balance(`vendor_payable/${project}`)).toBe(-71n);
    expect(await balance('platform_revenue')).toBe(-772n + 325n - 125n);
    await world.stage('billing.share-parts').work(line!.id);
    expect(await world.stage('billing.share-parts').due()).toEqual([]);
    expect(await balance(`vendor_payable/${initech}`)).toBe(100n);
    expect((await world.as('operator').get('/v1/ledger/trial-balance')).body).toMatchObject({
      totals: [{ currency: 'usd', totalMinor: '0' }],
    });
  });
});
