/** What an offer entitles to, through the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Account } from '#testing/account.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { startApi, type AppUnderTest } from '../testing.ts';

interface Offer {
  id: string;
  entitlements: object[];
}

describe('the entitlements of an offer', () => {
  let database: TestDatabase;
  let app: AppUnderTest;
  let acme: Account;
  let productId: string;
  const offer = (entitlements?: unknown): object => ({
    currency: 'usd',
    terms: 'Use it well.',
    prices: [{ model: 'hourly', rate: '0.25' }],
    ...(entitlements !== undefined && { entitlements }),
  });
  const make = (entitlements?: unknown): Promise<Offer> =>
    acme.put<Offer>(`/v1/products/${productId}/offer`, offer(entitlements));

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApi(database);
    acme = await Account.open(app.url, {
      name: 'Acme',
      email: 'it@acme.test',
      password: 'correct horse battery',
      kind: 'vendor',
    });
    productId = (await acme.post<{ id: string }>('/v1/products', { name: 'Acme Vault' })).id;
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const FOUR = [
    { dimension: 'audit', booleanValue: false },
    { dimension: 'seats', integerValue: 25 },
    { dimension: 'storage_tb', doubleValue: 1.5 },
    { dimension: 'tier', stringValue: 'gold' },
  ];

  it('are of four types, and shown as they were given', async () => {
    expect((await make(FOUR.toReversed())).entitlements).toEqual(FOUR);
    expect((await acme.get<Offer>(`/v1/products/${productId}/offer`)).entitlements).toEqual(FOUR);
  });

  it('are none when none are given', async () => {
    expect((await make()).entitlements).toEqual([]);
  });

  it('are shown on the listing to whoever looks', async () => {
    await make(FOUR);
    await database.sql(
      `insert into api.version (id, product_id, title, notes, source_image_id, source_region, regions, instance_types, url_template, health_path, created_at)
       values (gen_random_uuid(), $1, '1.0.0', '', 'ami-0acce550000000001', 'us-east-1', '{us-east-1}', '{t3.micro}', 'http://{address}/', '/', now())`,
      [productId],
    );
    await database.sql(
      `insert into api.listing (product_id, slug, summary, description, category, state, version_id, listed_at)
       select $1, 'acme-vault', 'Keeps secrets.', 'Long text.', 'security', 'public', version.id, now() from api.version where version.product_id = $1`,
      [productId],
    );
    const listing = (await (await fetch(`${app.url}/v1/listings/acme-vault`)).json()) as { offer: Offer };
    expect(listing.offer.entitlements).toEqual(FOUR);
  });

  it('stay with the price version that was accepted: a new offer has its own', async () => {
    const first = await make([{ dimension: 'seats', integerValue: 5 }]);
    await make([{ dimension: 'seats', integerValue: 50 }]);
    const kept = await database.sql(
      `select entitlement_grant.integer_value from api.entitlement_grant
         join api.price_version on price_version.id = entitlement_grant.price_version_id where price_version.offer_id = $1`,
      [first.id],
    );
    expect(kept).toEqual([{ integer_value: 5 }]);
    await expect(
      database
        .sql(`set role api; update api.entitlement_grant set integer_value = 500`)
        .finally(() => database.sql('reset role')),
    ).rejects.toThrow('permission denied');
  });

  it('have exactly one value each, within what the wire can carry, and each dimension once', async () => {
    const refused = (entitlements: unknown, detail: string) =>
      expect(make(entitlements)).rejects.toMatchObject({
        problem: { status: 400, code: 'invalid_request', detail: expect.stringContaining(detail) },
      });
    await refused([{ dimension: 'seats' }], 'exactly one of');
    await refused([{ dimension: 'seats', integerValue: 1, stringValue: '1' }], 'exactly one of');
    await refused([{ dimension: 'seats', integerValue: 2_147_483_648 }], 'entitlements.0.integerValue');
    await refused([{ dimension: 'seats', integerValue: 1.5 }], 'entitlements.0.integerValue');
    await refused([{ dimension: 'seats', doubleValue: -1 }], 'entitlements.0.doubleValue');
    await refused([{ dimension: 'two words', integerValue: 1 }], 'entitlements.0.dimension');
    await refused([{ dimension: 'seats', quantity: 1 }], 'quantity');
    await refused(
      [
        { dimension: 'seats', integerValue: 1 },
        { dimension: 'seats', booleanValue: true },
      ],
      'each dimension has one value',
    );
  });
});
