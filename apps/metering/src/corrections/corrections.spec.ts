import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '#platform/auth.ts';
import { newId } from '#platform/ids.ts';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering.app.ts';
import { UsageWriter } from '../usage/usage-writer.ts';
import type { UsageCorrectionView } from './corrections.schema.ts';

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
let ann: Caller;
let bob: Caller;
let globex: Caller;
const operator: Caller = { kind: 'operator', organizationId: newId(), userId: 'olga' };
const clock = new TestClock();

const HOUR = '2026-01-05T14:00:00.000Z';

interface Answer<T = UsageCorrectionView & { code: string; items: UsageCorrectionView[] }> {
  status: number;
  body: T;
}

async function call(caller: Caller, method: string, path: string, body?: unknown, key?: string): Promise<Answer> {
  const response = await fetch(`${app.url}/v1/usage-corrections${path}`, {
    method,
    headers: {
      ...(await asCaller(caller)),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

const propose = (delta: number, more: Record<string, unknown> = {}, caller = ann, key?: string): Promise<Answer> =>
  call(
    caller,
    'POST',
    '',
    { subscriptionId: shop.subscriptionId, hour: HOUR, dimension: 'users', delta, reason: 'Counted twice.', ...more },
    key,
  );

const proposed = async (delta: number, caller = ann): Promise<string> => {
  const { status, body } = await propose(delta, {}, caller);
  expect(status).toBe(201);
  return body.id;
};

const decide = (caller: Caller, id: string, decision: 'approved' | 'refused' = 'approved', note?: string): Promise<Answer> =>
  call(caller, 'PUT', `/${id}/decision`, { decision, ...(note === undefined ? {} : { note }) });

const adjustments = () =>
  database.sql<{ delta: string }>('select * from metering.usage_adjustment where subscription_id = $1 order by created_at, id', [
    shop.subscriptionId,
  ]);

const total = async (): Promise<string | undefined> => {
  const [row] = await database.sql<{ quantity: string }>(
    `select quantity from metering.usage_rollup where subscription_id = $1 and dimension = 'users'`,
    [shop.subscriptionId],
  );
  return row?.quantity;
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
  ann = { kind: 'vendor', organizationId: shop.vendorId, userId: 'ann' };
  bob = { ...ann, userId: 'bob' };
  globex = { kind: 'buyer', organizationId: shop.buyerId, userId: 'gus' };
  await app.nest.get(UsageWriter, { strict: false }).record(
    [4, 6].map((quantity) => ({
      subscriptionId: shop.subscriptionId,
      at: new Date(HOUR),
      sourceId: newId(),
      dimension: 'users',
      quantity,
      signedBy: 'AKIATEST',
    })),
  );
  await app.settle();
});

describe('a correction', () => {
  it('counts for nothing until another person of the vendor approves it, then for the day it is about', async () => {
    const id = await proposed(-3);
    await app.settle();
    expect([await adjustments(), await total()]).toEqual([[], '10']);

    const { status, body } = await decide(bob, id, 'approved', 'Seen in the log.');
    expect([status, body]).toMatchObject([
      200,
      { state: 'approved', delta: '-3', decidedKind: 'vendor', decidedBy: 'bob', note: 'Seen in the log.' },
    ]);
    expect(await adjustments()).toMatchObject([
      {
        id,
        hour: new Date(HOUR),
        dimension: 'users',
        delta: '-3',
        reason: 'Counted twice.',
        requested_by: `vendor ${shop.vendorId} person ann`,
        approved_by: `vendor ${shop.vendorId} person bob`,
      },
    ]);
    await app.settle();
    expect(await total()).toBe('7');
  });

  it('leaves what was recorded as it is', async () => {
    const records = () =>
      database.sql('select * from metering.usage_record where subscription_id = $1 order by record_id', [shop.subscriptionId]);
    const before = await records();
    await decide(operator, await proposed(-10));
    await app.settle();
    expect(await records()).toEqual(before);
    expect(await total()).toBe('0');
  });

  it('in favour of the buyer is not approved by who proposed it, by an API key, or by the buyer', async () => {
    const id = await proposed(-3);
    for (const caller of [ann, { ...ann, userId: null }])
      expect(await decide(caller, id)).toMatchObject({ status: 409, body: { code: 'needs_another_person' } });
    expect(await decide(globex, id)).toMatchObject({ status: 409, body: { code: 'needs_the_vendor' } });
    const byKey = await proposed(-3, { ...ann, userId: null });
    expect(await decide(bob, byKey)).toMatchObject({ status: 409, body: { code: 'needs_another_person' } });
    expect(await adjustments()).toEqual([]);
    expect((await decide(operator, byKey)).body).toMatchObject({ state: 'approved', proposedBy: null });
  });

  it('that costs the buyer more is approved by the buyer or the operator alone', async () => {
    const id = await proposed(5);
    expect(await decide(bob, id)).toMatchObject({ status: 409, body: { code: 'needs_the_buyer' } });
    expect((await decide(globex, id)).body).toMatchObject({ state: 'approved', decidedKind: 'buyer' });
    expect((await decide(operator, await proposed(1))).body.state).toBe('approved');
    await app.settle();
    expect(await total()).toBe('16');
  });

  it('never takes an hour below zero, not with what others took back before', async () => {
    expect(await propose(-11)).toMatchObject({ status: 409, body: { code: 'below_zero' } });
    const [first, second] = [await proposed(-10), await proposed(-1)];
    await decide(bob, first);
    expect(await decide(bob, second)).toMatchObject({ status: 409, body: { code: 'below_zero' } });
    expect((await call(ann, 'GET', `/${second}`)).body.state).toBe('proposed');
    expect(await propose(-1, { hour: '2026-01-05T13:00:00Z' })).toMatchObject({ body: { code: 'below_zero' } });
  });

  it('takes turns with the others: ten at once take back no more than there is', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 10; count += 1) ids.push(await proposed(-3));
    const answers = await Promise.all(ids.map((id) => decide(bob, id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect((await adjustments()).map(({ delta }) => delta)).toEqual(['-3', '-3', '-3']);
  });

  it('is decided once, however many decide at once, and an equal answer is the same one', async () => {
    const id = await proposed(-3);
    const answers = await Promise.all([decide(bob, id), decide(operator, id, 'refused'), decide(bob, id), decide(operator, id)]);
    expect(new Set(answers.map(({ body }) => body.state).filter(Boolean)).size).toBe(1);
    expect((await adjustments()).length).toBeLessThanOrEqual(1);

    const other = await proposed(-1);
    await decide(bob, other);
    expect(await decide(bob, other)).toMatchObject({ status: 200, body: { state: 'approved' } });
    expect(await decide(bob, other, 'refused')).toMatchObject({ status: 409, body: { code: 'correction_decided' } });
    expect(await decide(operator, other, 'refused')).toMatchObject({ status: 409, body: { code: 'correction_decided' } });
  });

  it('is refused with a word why, or withdrawn by the vendor, and then changes nothing', async () => {
    const refused = await proposed(5);
    expect((await decide(globex, refused, 'refused', 'We had no more users.')).body).toMatchObject({
      state: 'refused',
      note: 'We had no more users.',
    });
    const withdrawn = await proposed(5);
    expect((await call(bob, 'DELETE', `/${withdrawn}`)).body).toMatchObject({ state: 'withdrawn', decidedKind: 'vendor' });
    expect((await call(ann, 'DELETE', `/${withdrawn}`)).status).toBe(200);
    expect(await decide(globex, withdrawn)).toMatchObject({ status: 409, body: { code: 'correction_decided' } });
    expect(await call(ann, 'DELETE', `/${refused}`)).toMatchObject({ status: 409, body: { code: 'correction_decided' } });
    expect(await adjustments()).toEqual([]);
  });

  it('is proposed once for one Idempotency-Key, and refused for another wish', async () => {
    const key = newId();
    const answers = await Promise.all([1, 2, 3].map(() => propose(-3, {}, ann, key)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await propose(-4, {}, ann, key)).toMatchObject({ status: 409, body: { code: 'idempotency_mismatch' } });
    expect((await call(ann, 'GET', '')).body.items).toHaveLength(1);
    clock.advance({ days: 500 });
    expect(await propose(-3, {}, ann, key)).toMatchObject({ status: 201, body: { id: answers[0]!.body.id } });
  });

  it.each([
    ['zero', { delta: 0 }],
    ['a part of a unit', { delta: 1.5 }],
    ['more than a number holds', { delta: 2 ** 53 }],
    ['text', { delta: '5' }],
    ['an hour that is none', { hour: '2026-01-05T14:30:00Z' }],
    ['no reason', { reason: '  ' }],
    ['a subscription that is no id', { subscriptionId: 'mine' }],
  ])('is not taken with %s', async (_, wrong) => {
    expect(await propose(1, wrong)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('is for hours that have begun, of the subscription, and at hand', async () => {
    for (const hour of ['2026-01-05T16:00:00Z', '2026-01-05T08:00:00Z'])
      expect(await propose(1, { hour })).toMatchObject({ status: 409, body: { code: 'hour_not_correctable' } });
    const id = await proposed(1);
    clock.advance({ days: 400 });
    expect(await decide(globex, id)).toMatchObject({ status: 409, body: { code: 'hour_not_correctable' } });
  });

  it('is for dimensions that have a price, machine hours among them', async () => {
    expect(await propose(1, { dimension: 'gigabytes' })).toMatchObject({ status: 409, body: { code: 'no_such_dimension' } });
    expect(await propose(1, { dimension: 'hours' })).toMatchObject({ status: 201 });
  });

  it('is seen by its buyer, its vendor and the operator, each naming its own people, and by nobody else', async () => {
    const id = await proposed(-3);
    await decide(operator, id);
    expect((await call(ann, 'GET', `/${id}`)).body).toMatchObject({
      proposedBy: 'ann',
      decidedKind: 'operator',
      decidedBy: null,
    });
    expect((await call(globex, 'GET', `/${id}`)).body).toMatchObject({
      reason: 'Counted twice.',
      proposedBy: null,
      decidedBy: null,
    });
    expect((await call(operator, 'GET', `/${id}`)).body).toMatchObject({ proposedBy: 'ann', decidedBy: 'olga' });
    expect((await call(globex, 'GET', `?subscriptionId=${shop.subscriptionId}&state=approved`)).body.items).toMatchObject([
      { id },
    ]);

    const other = await subscribedMarketplace(database);
    const strangers: Caller[] = [
      { kind: 'vendor', organizationId: other.vendorId, userId: 'vic' },
      { kind: 'buyer', organizationId: other.buyerId, userId: 'ben' },
    ];
    for (const stranger of strangers) {
      const missing = { status: 404, body: { code: 'correction_not_found' } };
      expect(await call(stranger, 'GET', `/${id}`)).toMatchObject(missing);
      expect(await decide(stranger, id)).toMatchObject(missing);
      expect((await call(stranger, 'GET', `?subscriptionId=${shop.subscriptionId}`)).body.items).toEqual([]);
    }
    expect(await call(strangers[0]!, 'DELETE', `/${id}`)).toMatchObject({ status: 404 });
    expect(await propose(-1, {}, strangers[0])).toMatchObject({ status: 404, body: { code: 'subscription_not_found' } });
    expect(await propose(-1, {}, globex)).toMatchObject({ status: 403, body: { code: 'not_for_your_account' } });
  });

  it('of which one person of the vendor is both sides is refused by the database too', async () => {
    const id = await proposed(-3);
    await expect(
      database.sql(
        `update metering.usage_correction set state = 'approved', decided_kind = 'vendor', decided_by = 'ann', decided_at = now() where id = $1`,
        [id],
      ),
    ).rejects.toThrow('four_eyes');
  });
});
