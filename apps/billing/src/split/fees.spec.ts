/** Acme's Vault is sold under DevPay's formula and then under a tenth; each line keeps what it was charged by, and says so to the cent. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { closed } from '../testing/prices.ts';
import { billingWorld, type World } from '../testing/world.ts';
import type { FeeReceiptView, FeeRuleView } from './fee-rules.schema.ts';

interface EarnedLine {
  id: string;
  invoice: string;
  description: string;
  amountMinor: string;
  feeMinor: string;
  vendorMinor: string;
}

describe('fees', () => {
  let world: World;
  let rule: FeeRuleView;
  beforeAll(async () => {
    world = await billingWorld();
  });
  afterAll(() => world.close());

  const add = (body: object, key?: string) =>
    world.as('operator').post<FeeRuleView & { code: string }>('/v1/fee-rules', body, key);
  const earned = async (): Promise<EarnedLine[]> =>
    (await world.as('vendor').get<{ lines: EarnedLine[] }>('/v1/earnings')).body.lines;
  const receipt = (id: string, who: 'vendor' | 'operator' = 'vendor') =>
    world.as(who).get<FeeReceiptView>(`/v1/fee-receipts/${id}`);

  it('are ruled by the operator, each rule once for one key, and never for the time before', async () => {
    await add({ name: 'Everybody', version: { model: 'percent', basisPoints: 1500, reason: 'As in the contract.' } });
    const devPay = {
      name: 'Vault as DevPay had it',
      productId: world.market.productId,
      currency: 'usd',
      version: { model: 'devpay', basisPoints: 300, fixedMinor: '30', reason: 'As Acme asked.' },
    };
    const made = await add(devPay, 'vault-1');
    expect(made).toMatchObject({ status: 201, body: { versions: [{ number: 1, model: 'devpay', fixedMinor: '30' }] } });
    rule = made.body;
    expect((await add(devPay, 'vault-1')).body.id).toBe(rule.id);
    const version = { model: 'percent', basisPoints: 1000, reason: 'A new contract.' };
    const path = `/v1/fee-rules/${rule.id}/versions`;
    expect(await world.as('operator').post(path, { ...version, effectiveFrom: '2026-01-05T09:19:59Z' })).toMatchObject({
      status: 409,
      body: { code: 'begins_too_early' },
    });
    expect(await world.as('operator').post(path, { ...version, effectiveFrom: '2026-02-01T00:00:00Z' })).toMatchObject({
      status: 201,
      body: { versions: [{ number: 1 }, { number: 2, effectiveFrom: '2026-02-01T00:00:00.000Z' }] },
    });
    expect((await world.as('operator').post(`/v1/fee-rules/${newId()}/versions`, version)).status).toBe(404);
    expect(await add({ ...devPay, currency: undefined })).toMatchObject({ status: 400 });
    expect((await add({ name: 'No', version: { ...version, fixedMinor: '1' } })).status).toBe(400);
    expect((await world.as('vendor').get('/v1/fee-rules')).status).toBe(403);
    expect((await world.as('operator').get('/v1/fee-rules')).body).toMatchObject({
      items: [{ name: 'Everybody' }, { id: rule.id }],
      defaultBasisPoints: 2000,
    });
    await expect(world.database.sql('update billing.fee_rule_version set basis_points = 1')).rejects.toThrow('append-only');
  });

  it('follow DevPay’s formula: of the price less what its machine cost the platform, and thirty cents for the bill', async () => {
    const { market } = world;
    await world.database.sql(
      `insert into launcher.infrastructure_price (region, kind, type, currency, rate, effective_from, source, imported_at)
       values ('us-east-1', 'instance', 't3.micro', 'usd', 0.5, '2026-01-01', 'list', now())`,
    );
    // Ten hours in the platform's account; those in Globex's own are none of the platform's cost.
    for (const connection of [null, newId()]) {
      const id = newId();
      await world.database.sql(
        `insert into launcher.instance (id, launch_id, version_id, subscription_id, buyer_id, vendor_id, product_id, aws_connection_id, region, instance_type, state, created_at, observed_at)
         values ($1, $1, $2, $3, $4, $5, $6, $7, 'us-east-1', 't3.micro', 'healthy', '2026-01-06', '2026-02-01T05:00:00Z')`,
        [id, market.versionId, market.subscriptionId, market.buyerId, market.vendorId, market.productId, connection],
      );
      await world.database.sql(
        `insert into launcher.run_interval (instance_id, subscription_id, started_at, ended_at) values ($1, $2, '2026-01-06T00:00:00Z', '2026-01-06T10:00:00Z')`,
        [id, market.subscriptionId],
      );
    }
    await world.january();
    await world.app.settle();
    expect(await earned()).toMatchObject([
      { description: 'Running machine', amountMinor: '3097', feeMinor: '105', vendorMinor: '2992' },
      { description: 'Active users', amountMinor: '766', feeMinor: '26', vendorMinor: '740' },
    ]);
    expect(await world.balances()).toEqual({ buyer_receivable: 3863n, vendor_unsettled: -3732n, platform_revenue: -131n });
  });

  it('are receipted to the vendor with the numbers filled in, by line and by charge, and to no other vendor', async () => {
    const [line] = await earned();
    const { status, body } = await receipt(line!.id);
    expect([status, body]).toMatchObject([
      200,
      {
        rule: { id: rule.id, name: 'Vault as DevPay had it', number: 1 },
        model: 'devpay',
        formula: '(30.97 − 4.01) × 3 % + 0.24 = 1.05',
        rest: '30.97 − 1.05 = 29.92',
        platformMinor: '105',
        parts: [],
        creditedMinor: '0',
      },
    ]);
    expect((await receipt(body.chargeId, 'operator')).body).toEqual(body);
    expect((await world.as('vendor', newId()).get(`/v1/fee-receipts/${line!.id}`)).status).toBe(404);
    expect((await world.as('buyer').get(`/v1/fee-receipts/${line!.id}`)).status).toBe(403);
    const explained = await world.as('vendor').get<{ fee: unknown }>(`/v1/explain/${line!.id}`);
    expect(explained.body.fee).toMatchObject({ formula: body.formula, feeMinor: '105' });
  });

  it('go back with a credit note in the parts that the line was split into, whatever the rule says since', async () => {
    const [line] = await earned();
    const { body } = await world.as('buyer').get<{ items: Array<{ id: string }> }>('/v1/invoices');
    const note = await world.as('operator').post('/v1/credit-notes', {
      invoiceId: body.items[0]!.id,
      reason: 'An outage.',
      lines: [{ lineId: line!.id, amountMinor: '1000' }],
    });
    expect(note.status).toBe(201);
    // 105 × 1000 ÷ 3097 = 33.9.
    expect(await world.balances()).toEqual({ buyer_receivable: 2863n, vendor_unsettled: -2766n, platform_revenue: -97n });
    expect((await receipt(line!.id)).body.creditedMinor).toBe('966');
  });

  it('of the next month are by the version that holds then, and of late usage by the one of its month', async () => {
    await world.used('2026-02-03', 'users', 100n);
    await world.used('2026-01-20', 'users', 100n);
    await closed(world, '2026-02');
    const [late, own] = (await earned()).filter((line) => line.invoice === 'SLW-2026-000002');
    expect([late!.amountMinor, own!.amountMinor]).toEqual(['3330', '3330']);
    expect((await receipt(late!.id)).body).toMatchObject({ formula: '(33.30 − 0.00) × 3 % + 0.30 = 1.30' });
    expect((await receipt(own!.id)).body).toMatchObject({ formula: '33.30 × 10 % = 3.33', rule: { number: 2 } });
  });
});
