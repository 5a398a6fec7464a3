/** What AWS charges, as the operator imports it: all of a list or nothing, the same again for nothing, and nobody rewrites it. */
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { launcher } from '../launcher.app.ts';
import type { InfrastructurePriceView } from './infrastructure-prices.schema.ts';

interface Answer {
  status: number;
  body: {
    added: number;
    unchanged: number;
    code: string;
    detail: string;
    errors: Array<{ path: string; message: string }>;
    items: InfrastructurePriceView[];
  };
}

const HEADER = 'kind,region,type,currency,rate,effectiveFrom,source';
const MICRO = 'instance,us-east-1,t3.micro,usd,0.0104,2026-01-01,"AWS price list, January"';
const GP3 = 'volume,us-east-1,gp3,usd,0.08,2026-01-01,AWS price list';
const SNAPSHOT = 'snapshot,us-east-1,standard,usd,0.05,2026-01-01,AWS price list';

let database: TestDatabase;
let app: AppUnderTest;
const clock = new TestClock('2026-03-10T12:00:00Z');

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp(launcher, { database, clock, settings: { BOOT_TEST_FROM: '203.0.113.7/32' } });
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});
beforeEach(() => database.sql('truncate launcher.infrastructure_price'));

async function call(
  path: string,
  given?: { body: string; type: string },
  kind: 'operator' | 'buyer' = 'operator',
): Promise<Answer> {
  const answer = await fetch(`${app.url}${path}`, {
    method: given ? 'POST' : 'GET',
    headers: { ...(await asCaller({ organizationId: newId(), kind })), ...(given && { 'content-type': given.type }) },
    body: given?.body,
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}
const importCsv = (...lines: string[]): Promise<Answer> =>
  call('/v1/infrastructure-prices', { body: [HEADER, ...lines].join('\n'), type: 'text/csv' });
const importJson = (prices: unknown): Promise<Answer> =>
  call('/v1/infrastructure-prices', { body: JSON.stringify({ prices }), type: 'application/json' });
const known = async (query = ''): Promise<string[]> =>
  (await call(`/v1/infrastructure-prices${query}`)).body.items.map(
    ({ region, type, rate, effectiveFrom }) => `${region} ${type} ${rate} ${effectiveFrom.slice(0, 13)}`,
  );

describe('a list of prices', () => {
  it('is imported from CSV, and again for nothing', async () => {
    expect(await importCsv(MICRO, GP3, SNAPSHOT)).toMatchObject({ status: 200, body: { added: 3, unchanged: 0 } });
    expect((await importCsv(MICRO, GP3, SNAPSHOT)).body).toEqual({ added: 0, unchanged: 3 });
    expect((await call('/v1/infrastructure-prices?kind=instance')).body.items).toEqual([
      {
        region: 'us-east-1',
        kind: 'instance',
        type: 't3.micro',
        currency: 'usd',
        rate: '0.0104',
        effectiveFrom: '2026-01-01T00:00:00.000Z',
        source: 'AWS price list, January',
      },
    ]);
  });

  it('is imported from JSON, to the twelfth decimal', async () => {
    const price = { kind: 'instance', region: 'cn-north-1', type: 'u-6tb1.metal', currency: 'CNY', source: 'a letter' };
    const { body } = await importJson([{ ...price, rate: '0.000000000001', effectiveFrom: '2026-04-01T08:00:00+08:00' }]);
    expect(body).toEqual({ added: 1, unchanged: 0 });
    expect(await known()).toEqual([]);
    expect(await known('?at=2026-04-01T00:00:00Z')).toEqual(['cn-north-1 u-6tb1.metal 0.000000000001 2026-04-01T00']);
  });

  it('with wrong lines is refused whole, and each of them is named', async () => {
    const { status, body } = await importCsv(
      MICRO,
      'instance,moon,t3.micro,usd,0.01,2026-01-01,x',
      'instance,us-east-1,t3.micro,usd,free,2026-01-01T00:30:00Z,x',
      'volume,us-east-1,t3.micro,xxx,1,2026-01-01,x',
    );
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'wrong_prices' });
    expect(body.errors.map(({ path, message }) => `${path} ${message.split(':')[0]}`)).toEqual([
      'line 3 region',
      'line 4 rate',
      'line 4 effectiveFrom',
      'line 5 currency',
      'line 5 type',
    ]);
    expect(await known()).toEqual([]);
    expect((await importJson([{ kind: 'volume' }])).body.errors[0]).toMatchObject({ path: 'prices.0' });
    expect((await importCsv('volume,us-east-1,t3.micro,usd,1,2026-01-01,x')).body.detail).toContain(
      'line 2: type: is not a type of this kind',
    );
  });

  it('that is none is refused with what it should be', async () => {
    const csv = (body: string): Promise<Answer> => call('/v1/infrastructure-prices', { body, type: 'text/csv' });
    expect((await csv('region,price\nus-east-1,1')).body.detail).toContain(`line 1: the first line must name ${HEADER}`);
    expect((await csv(HEADER)).body.detail).toContain('a list has 1 to 50000 prices');
    expect((await csv(`${HEADER}\n${MICRO}\n"volume`)).body.detail).toContain('line 3: a field in quotes');
    expect((await importJson([])).status).toBe(400);
    expect((await csv('x'.repeat(5_000_000))).status).toBe(413);
  });

  it('changes no price, and adds none where history was', async () => {
    await importCsv(MICRO);
    const { status, body } = await importCsv(MICRO.replace('0.0104', '0.0105'), GP3);
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'wrong_prices' });
    expect(body.errors).toEqual([{ path: 'line 2', message: expect.stringContaining('is 0.0104 from 2026-01-01') }]);
    expect((await importCsv(MICRO.replace('2026-01', '2025-12'))).status).toBe(409);
    expect((await importCsv(MICRO.replace('2026-01', '2026-02'))).body.detail).toContain('which may be invoiced');
    expect(await known('?versions=all')).toEqual(['us-east-1 t3.micro 0.0104 2026-01-01T00']);
  });

  it('brings a new version that applies from its hour on', async () => {
    await importCsv(MICRO);
    expect((await importCsv(MICRO.replace('0.0104,2026-01', '0.0090,2026-04'))).body.added).toBe(1);
    expect(await known()).toEqual(['us-east-1 t3.micro 0.0104 2026-01-01T00']);
    expect(await known('?at=2026-04-01T00:00:00Z')).toEqual(['us-east-1 t3.micro 0.009 2026-04-01T00']);
    expect(await known('?versions=all&type=t3.micro')).toHaveLength(2);
    expect(await known('?versions=all&limit=1&offset=1')).toEqual(['us-east-1 t3.micro 0.0104 2026-01-01T00']);
  });

  it('imported twice at once is imported once', async () => {
    const answers = await Promise.all([importCsv(MICRO, GP3), importCsv(MICRO, GP3), importCsv(MICRO, GP3)]);
    expect(answers.reduce((sum, { body }) => sum + body.added, 0)).toBe(2);
  });

  it('of all regions and types is imported in one go', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `instance,us-east-1,m${at}.large,usd,0.1,2026-01-01,AWS price list`);
    expect((await importCsv(...lines)).body).toEqual({ added: 20_000, unchanged: 0 });
  });
});

it('prices are imported by operators, read by companies, and changed by nobody', async () => {
  const body = `${HEADER}\n${MICRO}`;
  expect((await call('/v1/infrastructure-prices', { body, type: 'text/csv' }, 'buyer')).status).toBe(403);
  expect((await call('/v1/infrastructure-prices', undefined, 'buyer')).status).toBe(200);
  expect((await fetch(`${app.url}/v1/infrastructure-prices`)).status).toBe(401);
  const asLauncher = new Client({ connectionString: database.urlFor('launcher') });
  await asLauncher.connect();
  await expect(asLauncher.query('update launcher.infrastructure_price set rate = 0')).rejects.toThrow('permission denied');
  await expect(asLauncher.query('delete from launcher.infrastructure_price')).rejects.toThrow('permission denied');
  await asLauncher.end();
});
