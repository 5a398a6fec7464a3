/** Publishing, subscribing and launching through `api` alone; what other apps would have written is put there by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Account } from '#testing/account.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { TestClock } from '#testing/clock.ts';
import { newId } from '#platform/ids.ts';
import { startApi, type AppUnderTest } from './testing.ts';

const PASSWORD = 'correct horse battery';
const IMAGE = {
  title: '1.0.0',
  imageId: 'ami-0acce550000000001',
  imageRegion: 'us-east-1',
  regions: ['us-east-1', 'eu-west-1'],
  instanceTypes: ['t3.micro'],
  urlTemplate: 'http://{address}:8080/',
};
const OFFER = {
  currency: 'USD',
  terms: 'Use it well.',
  prices: [
    { model: 'hourly', rate: '0.25' },
    { model: 'metered', dimension: 'users', description: 'Active users', unit: 'user', rate: '1.5' },
  ],
};
const LISTING = { slug: 'acme-vault', summary: 'Keeps secrets.', description: 'Long text.', category: 'security' };

interface Row {
  id: string;
  state: string;
  [name: string]: unknown;
}

describe('api', () => {
  let database: TestDatabase;
  let app: AppUnderTest;
  let acme: Account;
  let initech: Account;
  let globex: Account;
  let hooli: Account;
  let product: Row;
  let version: Row;
  const clock = new TestClock('2026-01-05T09:00:00Z');

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startApi(database, clock);
    const open = (name: string, kind: 'vendor' | 'buyer'): Promise<Account> =>
      Account.open(app.url, { name, email: `it@${name.toLowerCase()}.test`, password: PASSWORD, kind });
    [acme, initech, globex, hooli] = [
      await open('Acme', 'vendor'),
      await open('Initech', 'vendor'),
      await open('Globex', 'buyer'),
      await open('Hooli', 'buyer'),
    ];
    product = await acme.post<Row>('/v1/products', { name: 'Acme Vault' });
    version = await acme.post<Row>(`/v1/products/${product.id}/versions`, IMAGE);
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const imagesAre = (state: string): Promise<unknown> =>
    database.sql(
      `insert into launcher.image (id, version_id, region, state, boot_test_token, checks, created_at, rejection)
       select gen_random_uuid(), $1, region, $2::text, gen_random_uuid(), '[]', now(), case when $2::text = 'rejected' then 'it did not boot' end from unnest($3::text[]) region
       on conflict (version_id, region) do update set state = excluded.state, rejection = excluded.rejection`,
      [version.id, state, IMAGE.regions],
    );

  it('rings the launcher in the transaction that writes a version', async () => {
    const jobs = await database.sql(`select data->>'id' as id from pgboss.job where name = 'launcher.prepare-image'`);
    expect(jobs).toEqual([{ id: version.id }]);
  });

  it('names each wrong field of a bad request', async () => {
    const wrong = { ...IMAGE, imageId: 'my-image', regions: [], urlTemplate: 'ftp://x' };
    await expect(acme.post(`/v1/products/${product.id}/versions`, wrong)).rejects.toMatchObject({
      problem: { status: 400, code: 'invalid_request', detail: expect.stringMatching(/imageId: .*regions: .*urlTemplate: /s) },
    });
    await expect(acme.put(`/v1/products/${product.id}/offer`, { ...OFFER, currency: 'zzz' })).rejects.toMatchObject({
      problem: { status: 400 },
    });
    await expect(acme.get('/v1/products/not-an-id')).rejects.toMatchObject({ problem: { status: 400 } });
    await expect(acme.get(`/v1/products/${newId()}`)).rejects.toMatchObject({
      problem: { status: 404, code: 'product_not_found' },
    });
  });

  it('does not list a product without a price, nor one whose image is not ready, and says which region waits for what', async () => {
    const publish = (): Promise<unknown> => acme.put(`/v1/products/${product.id}/listing`, { ...LISTING, versionId: version.id });
    await expect(publish()).rejects.toMatchObject({ problem: { status: 409, code: 'offer_missing' } });
    await acme.put(`/v1/products/${product.id}/offer`, OFFER);
    await expect(publish()).rejects.toMatchObject({ problem: { status: 409, code: 'image_not_ready' } });
    await imagesAre('rejected');
    await expect(publish()).rejects.toMatchObject({ problem: { detail: expect.stringContaining('us-east-1: it did not boot') } });
    await imagesAre('ready');
    await publish();
    expect(await globex.get('/v1/listings')).toMatchObject({ items: [{ slug: 'acme-vault', vendor: 'Acme' }] });
  });

  it("keeps one vendor's things from another: unknown and foreign look the same", async () => {
    for (const [method, path, body] of [
      ['GET', `/v1/products/${product.id}`],
      ['GET', `/v1/products/${product.id}/versions`],
      ['POST', `/v1/products/${product.id}/versions`, { ...IMAGE, title: '2.0.0' }],
      ['PUT', `/v1/products/${product.id}/offer`, OFFER],
      ['PUT', `/v1/products/${product.id}/listing`, { ...LISTING, slug: 'mine-now', versionId: version.id }],
      ['DELETE', `/v1/products/${product.id}/listing`],
    ] as const) {
      await expect(initech.call(method, path, body), `${method} ${path}`).rejects.toMatchObject({
        problem: { status: 404, code: 'product_not_found' },
      });
    }
    expect(await initech.get('/v1/products')).toEqual({ items: [] });
  });

  it('says how running is counted: each hour begun, or each second with a minimum for each start', async () => {
    const offered = async (price: object): Promise<unknown> => {
      const offer = { ...OFFER, prices: [{ model: 'hourly', rate: '0.25', ...price }, OFFER.prices[1]] };
      const { prices } = await initech.put<{ prices: unknown[] }>(`/v1/products/${ledger.id}/offer`, offer);
      return prices[0];
    };
    const ledger = await initech.post<Row>('/v1/products', { name: 'Initech Ledger' });
    const hour = { model: 'hourly', description: 'Running machine', unit: 'hour', rate: '0.25' };
    expect(await offered({})).toEqual({ ...hour, dimension: 'hours', increment: 'hour' });
    const bySecond = { ...hour, dimension: 'running_seconds', increment: 'second' };
    expect(await offered({ increment: 'second' })).toEqual({ ...bySecond, minimumSeconds: 60 });
    expect(await offered({ increment: 'second', minimumSeconds: 0 })).toEqual({ ...bySecond, minimumSeconds: 0 });
    expect(await initech.get(`/v1/products/${ledger.id}/offer`)).toMatchObject({ prices: [{ increment: 'second' }, {}] });
    for (const wrong of [
      { increment: 'second', minimumSeconds: 3601 },
      { increment: 'second', minimumSeconds: 1.5 },
      { increment: 'hour', minimumSeconds: 60 },
      { increment: 'minute' },
    ]) {
      await expect(offered(wrong), JSON.stringify(wrong)).rejects.toMatchObject({ problem: { status: 400 } });
    }
    const named = { model: 'metered', dimension: 'running_seconds', description: 'Seconds', unit: 'second', rate: '1' };
    await expect(initech.put(`/v1/products/${ledger.id}/offer`, { ...OFFER, prices: [named] })).rejects.toMatchObject({
      problem: { status: 400 },
    });
    await expect(
      initech.put(`/v1/products/${ledger.id}/offer`, { ...OFFER, prices: [OFFER.prices[0], { ...hour, increment: 'second' }] }),
    ).rejects.toMatchObject({ problem: { status: 400 } });
  });

  it('refuses a version title that is taken, since versions never change', async () => {
    await expect(acme.post(`/v1/products/${product.id}/versions`, IMAGE)).rejects.toMatchObject({
      problem: { status: 409, code: 'version_exists' },
    });
  });

  it('subscribes to the terms that were shown, keeps their hash, and gives the same agreement to a second click', async () => {
    const { offer } = await globex.get<{ offer: { id: string; termsSha256: string } }>('/v1/listings/acme-vault');
    await expect(globex.post('/v1/subscriptions', { offerId: offer.id, termsSha256: '0'.repeat(64) })).rejects.toMatchObject({
      problem: { status: 409, code: 'terms_changed' },
    });
    const accept = { offerId: offer.id, termsSha256: offer.termsSha256 };
    const both = await Promise.all([
      globex.post<Row>('/v1/subscriptions', accept),
      globex.post<Row>('/v1/subscriptions', accept),
    ]);
    expect(both[0].id).toBe(both[1].id);
    expect(both[0]).toMatchObject({ termsSha256: offer.termsSha256, vendor: 'Acme', buyer: 'Globex', endedAt: null });
    expect(await hooli.get('/v1/subscriptions')).toEqual({ items: [] });
    await expect(hooli.get(`/v1/subscriptions/${both[0].id}`)).rejects.toMatchObject({ problem: { status: 404 } });
    expect(await acme.get('/v1/subscriptions')).toMatchObject({ items: [{ buyer: 'Globex' }] });
  });

  it("keeps Globex's terms when Acme raises its price, and asks new buyers to accept the new ones", async () => {
    const before = await globex.get<{ items: Row[] }>('/v1/subscriptions');
    const old = await globex.get<{ offer: { id: string; termsSha256: string } }>('/v1/listings/acme-vault');
    clock.advance({ days: 1 });
    await acme.put(`/v1/products/${product.id}/offer`, { ...OFFER, prices: [{ model: 'hourly', rate: '0.5' }] });
    expect(await globex.get('/v1/subscriptions')).toEqual(before);
    await expect(
      hooli.post('/v1/subscriptions', { offerId: old.offer.id, termsSha256: old.offer.termsSha256 }),
    ).rejects.toMatchObject({ problem: { code: 'offer_withdrawn' } });
    expect(await hooli.get('/v1/listings/acme-vault')).toMatchObject({ offer: { prices: [{ rate: '0.5' }] } });
  });

  it('accepts a launch once per Idempotency-Key, and only what is offered', async () => {
    const { items } = await globex.get<{ items: Row[] }>('/v1/subscriptions');
    const wish = { subscriptionId: items[0]!.id, region: 'eu-west-1', instanceType: 't3.micro' };
    await expect(globex.post('/v1/launches', { ...wish, region: 'us-west-2' })).rejects.toMatchObject({
      problem: { code: 'region_not_offered' },
    });
    await expect(globex.post('/v1/launches', { ...wish, instanceType: 'p5.48xlarge' })).rejects.toMatchObject({
      problem: { code: 'instance_type_not_offered' },
    });
    await expect(hooli.post('/v1/launches', wish)).rejects.toMatchObject({ problem: { status: 404 } });
    const key = await globex.post<{ key: string }>('/v1/auth/api-key/create', {
      name: 'ci',
      organizationId: globex.organizationId,
    });
    const send = (body: object): Promise<Response> =>
      fetch(`${app.url}/v1/launches`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key.key}`, 'content-type': 'application/json', 'idempotency-key': 'deploy-42' },
        body: JSON.stringify(body),
      });
    const [first, second] = await Promise.all([send(wish), send(wish)]);
    expect(first.status).toBe(201);
    expect(((await first.json()) as Row).id).toBe(((await second.json()) as Row).id);
    expect(await (await send({ ...wish, region: 'us-east-1' })).json()).toMatchObject({
      status: 409,
      code: 'idempotency_mismatch',
    });
    expect(await database.sql('select count(*)::int as launches from api.launch')).toEqual([{ launches: 1 }]);
  });

  it('has the data of a launch snapshotted as often as its buyer says, and keeps as many', async () => {
    const { items } = await globex.get<{ items: Row[] }>('/v1/launches');
    expect(items).toMatchObject([{ snapshotSchedule: { everyHours: null, kept: 7 } }]);
    const path = `/v1/launches/${items[0]!.id}/snapshot-schedule`;
    const schedule = { everyHours: 6, kept: 28 };
    expect(await globex.put(path, schedule)).toMatchObject({ snapshotSchedule: schedule });
    const rung = await database.sql('select 1 from pgboss.job where name = $1 and singleton_key = $2', [
      'launcher.keep-snapshots',
      items[0]!.id,
    ]);
    expect(rung).toHaveLength(1);
    for (const wrong of [{ ...schedule, everyHours: 0 }, { ...schedule, kept: 0 }, { everyHours: 6 }])
      await expect(globex.put(path, wrong)).rejects.toMatchObject({ problem: { status: 400 } });
    await expect(hooli.put(path, schedule)).rejects.toMatchObject({ problem: { status: 404 } });
  });

  it('does not launch for a buyer who owes', async () => {
    const { items } = await globex.get<{ items: Row[] }>('/v1/subscriptions');
    await database.sql(`insert into billing.standing values ($1, 'past_due', now())`, [globex.organizationId]);
    const wish = { subscriptionId: items[0]!.id, region: 'eu-west-1', instanceType: 't3.micro' };
    await expect(globex.post('/v1/launches', wish)).rejects.toMatchObject({
      problem: { status: 409, code: 'standing_past_due' },
    });
    await database.sql('delete from billing.standing');
  });

  it('ends a subscription with everything that runs under it', async () => {
    const { items } = await globex.get<{ items: Row[] }>('/v1/subscriptions');
    const ended = await globex.delete<Row>(`/v1/subscriptions/${items[0]!.id}`);
    expect(ended.endedAt).toBe(clock.now().toISOString());
    expect(await globex.get('/v1/launches')).toMatchObject({ items: [{ desired: 'terminated' }] });
    const wish = { subscriptionId: items[0]!.id, region: 'eu-west-1', instanceType: 't3.micro' };
    await expect(globex.post('/v1/launches', wish)).rejects.toMatchObject({ problem: { code: 'subscription_ended' } });
  });

  it('answers 503 while an app behind it is away, and says so', async () => {
    await expect(globex.get('/v1/invoices')).rejects.toMatchObject({ problem: { status: 503, code: 'app_unavailable' } });
    expect((await fetch(`${app.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${app.url}/health/live`)).status).toBe(200);
  });
});
