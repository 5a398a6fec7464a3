import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering.app.ts';
import { machine } from '../testing/wire.ts';
import type { AcceptedUsage, UsageView } from './usage.schema.ts';

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
const clock = new TestClock();

type Who = { organizationId: string; kind: 'buyer' | 'vendor' | 'operator' };
const acme = (): Who => ({ organizationId: shop.vendorId, kind: 'vendor' });
const globex = (): Who => ({ organizationId: shop.buyerId, kind: 'buyer' });

type Asked = Record<string, string | number | undefined>;

const ask = async (who: Who, query: Asked = {}) => {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]));
  const answer = await fetch(`${app.url}/v1/usage?${search}`, { headers: await asCaller(who) });
  return { status: answer.status, body: (await answer.json()) as UsageView & { code?: string } };
};
const items = async (who: Who, query?: Asked) => {
  const { status, body } = await ask(who, query);
  expect(status).toBe(200);
  return body.items;
};
const report = async (records: object[], vendorId = shop.vendorId) => {
  const answer = await fetch(`${app.url}/v1/usage`, {
    method: 'POST',
    headers: { ...(await asCaller({ organizationId: vendorId, kind: 'vendor' })), 'content-type': 'application/json' },
    body: JSON.stringify({ records }),
  });
  const { results } = (await answer.json()) as { results: Array<{ status: string }> };
  expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['accepted']));
};
const used = (hour: number, given: object = {}) => ({
  subscriptionId: shop.subscriptionId,
  at: `2026-01-05T${String(hour).padStart(2, '0')}:10:00Z`,
  dimension: 'users',
  quantity: hour,
  ...given,
});
const times = (list: AcceptedUsage[]) => list.map(({ hour, dimension, sourceId }) => `${hour} ${dimension} ${sourceId}`);

/** Another subscription to Acme's Vault, of another buyer or of Globex under another product of Acme's. */
const another = async (): Promise<Marketplace> => {
  const other = await subscribedMarketplace(database);
  await database.sql('update api.subscription set vendor_id = $1 where id = $2', [shop.vendorId, other.subscriptionId]);
  await database.sql('update api.product set vendor_id = $1 where id = $2', [shop.vendorId, other.productId]);
  return { ...other, vendorId: shop.vendorId };
};

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp(metering, { database, clock });
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

beforeEach(async () => {
  clock.set('2026-01-05T15:20:00Z');
  shop = await subscribedMarketplace(database);
});

describe('GET /v1/usage', () => {
  it('shows what was accepted with its parts and how far its money has come', async () => {
    const allocations = [
      { quantity: 4, tags: [{ key: 'team', value: 'red' }] },
      { quantity: 10, tags: [] },
    ];
    await report([used(14, { allocations }), used(15)]);
    const { body } = await ask(globex(), { subscriptionId: shop.subscriptionId });
    expect(body).toEqual({
      items: [
        {
          recordId: expect.any(String),
          subscriptionId: shop.subscriptionId,
          hour: '2026-01-05T14:00:00.000Z',
          day: '2026-01-05',
          source: 'vendor',
          sourceId: shop.subscriptionId,
          dimension: 'users',
          quantity: '14',
          allocations: [
            { quantity: '4', tags: [{ key: 'team', value: 'red' }] },
            { quantity: '10', tags: [] },
          ],
          moneyState: 'metered',
          receivedAt: '2026-01-05T15:20:00.000Z',
        },
        expect.objectContaining({ hour: '2026-01-05T15:00:00.000Z', allocations: [], moneyState: 'metered' }),
      ],
      nextCursor: null,
      days: [{ day: '2026-01-05', dimension: 'users', quantity: '29', moneyState: 'metered' }],
    });
  });

  it('filters by dimension, machine and span, and sums what it shows of a subscription', async () => {
    await database.sql(
      `insert into api.price (price_version_id, dimension, model, description, unit, rate) values ($1, 'gigabytes', 'metered', 'Stored', 'GB', 1)`,
      [shop.priceVersionId],
    );
    const { instanceId } = await machine(database, shop);
    await database.sql(`update launcher.instance set ec2_instance_id = 'i-0a0a0a0a0a0a0a0a0' where id = $1`, [instanceId]);
    await report([used(10), used(11), used(11, { dimension: 'gigabytes' }), used(11, { instanceId }), used(12, { instanceId })]);
    const { subscriptionId } = shop;
    expect(times(await items(acme(), { subscriptionId, dimension: 'gigabytes' }))).toEqual([
      `2026-01-05T11:00:00.000Z gigabytes ${subscriptionId}`,
    ]);
    for (const named of [instanceId, 'i-0a0a0a0a0a0a0a0a0']) {
      const { body } = await ask(globex(), { instanceId: named, from: '2026-01-05T12:00:00Z', to: '2026-01-05T13:00:00Z' });
      expect(times(body.items)).toEqual([`2026-01-05T12:00:00.000Z users ${instanceId}`]);
      expect(body.items).toMatchObject([{ source: 'instance' }]);
      expect(body.days).toMatchObject([{ quantity: '12' }]);
    }
  });

  it('turns its pages in the order of the key, over many subscriptions, each record once', async () => {
    const others = [await another(), await another(), await another()];
    for (const subscription of [shop, ...others])
      await report([9, 10, 11, 12, 13, 14, 15].map((hour) => used(hour, { subscriptionId: subscription.subscriptionId })));
    const all = await items(acme());
    expect(all).toHaveLength(28);
    expect(all.map((item) => `${item.subscriptionId} ${item.hour}`)).toEqual(
      all.map((item) => `${item.subscriptionId} ${item.hour}`).sort(),
    );
    const seen: AcceptedUsage[] = [];
    let cursor: string | null = null;
    do {
      const { body }: { body: UsageView } = await ask(acme(), { limit: 5, ...(cursor === null ? {} : { cursor }) });
      expect(body.items.length).toBeLessThanOrEqual(5);
      expect(body.days).toEqual([]);
      seen.push(...body.items);
      cursor = body.nextCursor;
      // The span stays that of the first page.
      clock.advance({ hours: 24 * 30 });
    } while (cursor !== null);
    expect(seen).toEqual(all);
    clock.set('2026-01-05T15:20:00Z');
    expect(await items(acme(), { productCode: others[0]!.productCode })).toHaveLength(7);
    expect((await ask(acme(), { limit: 7, subscriptionId: shop.subscriptionId })).body.nextCursor).toBeNull();
  });

  it('looks at many subscriptions without usage', async () => {
    const ids = Array.from({ length: 450 }, () => newId()).sort();
    await database.sql(
      `insert into api.subscription (id, buyer_id, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, customer_identifier, license_arn, started_at, ended_at)
       select given.id, buyer_id, vendor_id, product_id, offer_id, price_version_id, currency, terms_sha256, given.id::text, given.id::text, started_at, started_at
         from api.subscription, unnest($1::uuid[]) as given (id) where subscription.id = $2`,
      [ids, shop.subscriptionId],
    );
    await report([used(10), used(11)]);
    await database.sql(
      `insert into metering.usage_record (subscription_id, hour, source_id, dimension, quantity, record_id, request_sha, signed_by, received_at)
       values ($1, '2026-01-05T10:00:00Z', $1, 'users', 1, gen_random_uuid(), '', 'x', now())`,
      [ids.at(-1)],
    );
    const [first] = await items(acme(), { limit: 1 });
    expect(first!.subscriptionId).toBe(shop.subscriptionId);
    expect((await items(acme())).map(({ subscriptionId }) => subscriptionId)).toEqual([
      shop.subscriptionId,
      shop.subscriptionId,
      ids.at(-1),
    ]);
  });

  it('shows nobody the usage of others', async () => {
    const other = await subscribedMarketplace(database);
    const theirs = await machine(database, other);
    await report([used(10)]);
    await report([used(10, { subscriptionId: other.subscriptionId })], other.vendorId);
    for (const who of [acme(), globex()]) {
      expect((await items(who)).map(({ subscriptionId }) => subscriptionId)).toEqual([shop.subscriptionId]);
      for (const query of [
        { subscriptionId: other.subscriptionId },
        { subscriptionId: newId() },
        { instanceId: theirs.instanceId },
        { instanceId: newId() },
        { instanceId: 'i-00000000000000000' },
        { instanceId: theirs.instanceId, subscriptionId: shop.subscriptionId },
        { productCode: 'nothing' },
        { productCode: other.productCode, subscriptionId: shop.subscriptionId },
      ])
        expect([query, await ask(who, query)]).toMatchObject([query, { status: 404 }]);
    }
    expect((await ask(acme(), { productCode: other.productCode })).status).toBe(404);
    expect(await items(globex(), { productCode: other.productCode })).toEqual([]);
    const operator = { organizationId: newId(), kind: 'operator' } as const;
    expect((await items(operator, { subscriptionId: other.subscriptionId })).length).toBe(1);
    expect((await items(operator)).length).toBeGreaterThanOrEqual(2);
  });

  it('does not let a cursor lead to the usage of others, nor take a made-up one', async () => {
    await report([used(10), used(11)]);
    const { body } = await ask(acme(), { limit: 1 });
    const other = await subscribedMarketplace(database);
    expect(await items({ organizationId: other.vendorId, kind: 'vendor' }, { cursor: body.nextCursor! })).toEqual([]);
    for (const cursor of ['', 'x', Buffer.from('[]').toString('base64url'), `${body.nextCursor}x`.slice(5)])
      expect(await ask(acme(), { cursor })).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
    for (const limit of [0, 1001, 1.5]) expect((await ask(acme(), { limit })).status).toBe(400);
    for (const wrong of [{ dimension: 'a\0b' }, { productCode: '' }, { from: 'yesterday' }, { instanceId: 'mine' }])
      expect([wrong, await ask(acme(), wrong)]).toMatchObject([wrong, { status: 400, body: { code: 'invalid_request' } }]);
    expect(await items(acme(), { from: '2026-01-05T15:00:00Z', to: '2026-01-05T09:00:00Z' })).toEqual([]);
    expect(await items(acme(), { from: '0000-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z' })).toHaveLength(2);
  });
});
