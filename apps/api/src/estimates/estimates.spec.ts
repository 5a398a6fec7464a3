/** What a launch would cost, before it is made: software and infrastructure apart, to the last decimal. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { Account } from '#testing/account.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { startApi, type AppUnderTest } from '../testing.ts';
import type { EstimateView } from './estimates.schema.ts';

const PASSWORD = 'correct horse battery';
const REGIONS = ['us-east-1', 'eu-west-1', 'cn-north-1'];
const OFFER = {
  currency: 'USD',
  terms: 'Use it well.',
  prices: [
    { model: 'hourly', rate: '0.0837' },
    { model: 'metered', dimension: 'users', description: 'Active users', unit: 'user', rate: '1.5' },
  ],
};

let database: TestDatabase;
let app: AppUnderTest;
let [acme, globex, initech]: Account[] = [];
let productId: string;
let offer: { id: string; termsSha256: string };
const clock = new TestClock('2026-03-10T12:00:00Z');

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApi(database, clock);
  const open = (name: string, kind: 'vendor' | 'buyer'): Promise<Account> =>
    Account.open(app.url, { name, email: `it@${name.toLowerCase()}.test`, password: PASSWORD, kind });
  [acme, globex, initech] = [await open('Acme', 'vendor'), await open('Globex', 'buyer'), await open('Initech', 'vendor')];
  ({ id: productId } = await acme.post<{ id: string }>('/v1/products', { name: 'Acme Vault' }));
  const { id: versionId } = await acme.post<{ id: string }>(`/v1/products/${productId}/versions`, {
    title: '1.0.0',
    imageId: 'ami-0acce550000000001',
    imageRegion: 'us-east-1',
    regions: REGIONS,
    instanceTypes: ['t3.micro', 't3.small'],
    urlTemplate: 'http://{address}:8080/',
    dataVolumes: [{ name: 'data', device: '/dev/sdf', sizeGib: 10, mountPath: '/data' }],
  });
  offer = await acme.put(`/v1/products/${productId}/offer`, OFFER);
  await database.sql(
    `insert into launcher.image (id, version_id, region, state, boot_test_token, checks, created_at)
     select gen_random_uuid(), $1, region, 'ready', gen_random_uuid(), '[]', now() from unnest($2::text[]) region`,
    [versionId, REGIONS],
  );
  await acme.put(`/v1/products/${productId}/listing`, {
    slug: 'acme-vault',
    summary: 'Keeps secrets.',
    description: 'Long text.',
    category: 'security',
    versionId,
  });
  await database.sql(
    `insert into launcher.infrastructure_price (region, kind, type, currency, rate, effective_from, source, imported_at) values
       ('us-east-1', 'instance', 't3.micro', 'usd', 0.02, '2025-01-01Z', 'old', now()),
       ('us-east-1', 'instance', 't3.micro', 'usd', 0.0104, '2026-01-01Z', 'list', now()),
       ('us-east-1', 'instance', 't3.micro', 'usd', 0.5, '2026-04-01Z', 'to come', now()),
       ('us-east-1', 'instance', 't3.micro', 'eur', 0.0099, '2026-01-01Z', 'list', now()),
       ('us-east-1', 'volume', 'gp3', 'usd', 0.08, '2026-01-01Z', 'list', now()),
       ('us-east-1', 'snapshot', 'standard', 'usd', 0.05, '2026-01-01Z', 'list', now()),
       ('cn-north-1', 'instance', 't3.micro', 'cny', 0.0921, '2026-01-01Z', 'list', now())`,
  );
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const NOBODY = { get: async <T>(path: string): Promise<T> => (await fetch(`${app.url}${path}`)).json() as T };

const estimate = (query: Record<string, string>, caller: Pick<Account, 'get'> = NOBODY): Promise<EstimateView> =>
  caller.get(`/v1/estimates?${new URLSearchParams({ region: 'us-east-1', instanceType: 't3.micro', ...query })}`);

describe('an estimate', () => {
  it('tells anybody what software and infrastructure cost, by the hour and by the month', async () => {
    const view = await estimate({ productId, machines: '2', volumes: 'gp3:100', snapshotGib: '40', quantities: 'users:25' });
    expect(view).toMatchObject({
      offerId: offer.id,
      hoursPerMonth: 730,
      software: {
        currency: 'usd',
        lines: [
          { dimension: 'hours', rate: '0.0837', quantity: '1460', isGiven: true, perHour: '0.1674', perMonth: '122.202' },
          { dimension: 'users', rate: '1.5', quantity: '25', isGiven: true, perHour: null, perMonth: '37.5' },
        ],
        perHour: '0.1674',
        perMonth: '159.702',
      },
      infrastructure: {
        currency: 'usd',
        lines: [
          { kind: 'instance', type: 't3.micro', rate: '0.0104', source: 'list', perHour: '0.0208', perMonth: '15.184' },
          { kind: 'volume', type: 'gp3', amount: '100', rate: '0.08', perHour: null, perMonth: '16' },
          { kind: 'snapshot', type: 'standard', amount: '40', rate: '0.05', perHour: null, perMonth: '4' },
        ],
        perHour: '0.0208',
        perMonth: '35.184',
      },
      total: { currency: 'usd', perHour: '0.1882', perMonth: '194.886' },
    });
  });

  it('counts the data volumes that the version brings, unless others are given', async () => {
    expect((await estimate({ productId })).infrastructure.lines[1]).toMatchObject({ type: 'gp3', amount: '10', perMonth: '0.8' });
  });

  it('counts what was not given as none, and says so', async () => {
    const { software } = await estimate({ productId, hoursPerMonth: '0' });
    expect(software.lines.map(({ isGiven, perMonth }) => [isGiven, perMonth])).toEqual([
      [true, '0'],
      [false, '0'],
    ]);
  });

  it('guesses no price of AWS, and converts none', async () => {
    const unknown = await estimate({ productId, instanceType: 't3.small' });
    expect(unknown).toMatchObject({ total: null, infrastructure: { currency: 'usd', perHour: null, perMonth: null } });
    const yuan = await estimate({ productId, region: 'cn-north-1' });
    expect(yuan).toMatchObject({ total: null, infrastructure: { currency: 'cny', perHour: '0.0921', perMonth: null } });
    expect((await estimate({ productId, region: 'eu-west-1' })).infrastructure.currency).toBeNull();
  });

  it('is refused for what is not offered, or makes no sense', async () => {
    const codeOf = async (query: Record<string, string>): Promise<string> =>
      ((await estimate(query)) as unknown as { code: string }).code;
    expect(await codeOf({ productId, region: 'sa-east-1' })).toBe('region_not_offered');
    expect(await codeOf({ productId, instanceType: 'm5.large' })).toBe('instance_type_not_offered');
    expect(await codeOf({ productId, quantities: 'hosts:3' })).toBe('no_such_dimension');
    expect(await codeOf({ productId, quantities: 'users:many' })).toBe('invalid_request');
    expect(await codeOf({ productId, offerId: offer.id })).toBe('invalid_request');
    expect(await codeOf({})).toBe('invalid_request');
    expect(await codeOf({ productId: newId() })).toBe('product_not_found');
    expect(await codeOf({ offerId: newId() })).toBe('offer_not_found');
  });

  it('of an offer that is withdrawn is for its vendor and its subscribers', async () => {
    const { id: subscriptionId } = await globex!.post<{ id: string }>('/v1/subscriptions', {
      offerId: offer.id,
      termsSha256: offer.termsSha256,
    });
    await acme!.put(`/v1/products/${productId}/offer`, { ...OFFER, prices: [{ model: 'hourly', rate: '9' }] });
    expect((await estimate({ productId })).software.perHour).toBe('9');
    expect((await estimate({ offerId: offer.id }, globex)).software.perHour).toBe('0.0837');
    expect((await estimate({ subscriptionId }, globex)).software.perHour).toBe('0.0837');
    expect((await estimate({ offerId: offer.id }, acme)).software.perHour).toBe('0.0837');
    for (const caller of [initech!, NOBODY]) {
      const asked = Promise.resolve(estimate({ offerId: offer.id }, caller)).catch((error: { problem: object }) => error.problem);
      expect(await asked).toMatchObject({ code: 'offer_not_found' });
    }
    expect(await estimate({ subscriptionId })).toMatchObject({ code: 'subscription_not_found' });
  });
});
