import { MeterUsageCommand } from '@aws-sdk/client-marketplace-metering';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '#platform/auth.ts';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { BUCKETS } from '../buckets.ts';
import { metering } from '../metering.app.ts';
import { machine, meteringClient, vendorKey, type Credentials, type Machine } from '../testing/wire.ts';
import { UsageWriter } from '../usage/usage-writer.ts';
import type { SilenceView } from './heartbeats.schema.ts';
import { WatchHeartbeats } from './watch-heartbeats.ts';

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
let vault: Machine;
const clock = new TestClock();

const at = (time: string): string => `2026-01-05T${time}:00.000Z`;

interface Sent {
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** A request to our own route, signed by the AWS SDK as it signs its own. */
async function signed(credentials: Credentials, contentType = 'application/json', body = '{}'): Promise<Sent> {
  const client = meteringClient(app.url, credentials);
  let sent: Sent | undefined;
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as Sent;
      Object.assign(request, { path: '/v1/heartbeat', body });
      request.headers['content-type'] = contentType;
      request.headers['content-length'] = String(body.length);
      return next(args);
    },
    { step: 'build', priority: 'low' },
  );
  client.middlewareStack.addRelativeTo(
    () => async (args: { request?: unknown }) => {
      sent = args.request as Sent;
      return { response: {}, output: { $metadata: {}, MeteringRecordId: '' } };
    },
    { relation: 'after', toMiddleware: 'httpSigningMiddleware' },
  );
  await client.send(new MeterUsageCommand({ ProductCode: 'x', UsageDimension: 'x', Timestamp: new Date() }));
  return sent!;
}

async function post({ path, headers, body }: Sent): Promise<{ status: number; body: Record<string, string> }> {
  const { host: _host, 'content-length': _length, ...rest } = headers;
  const response = await fetch(app.url + path, { method: 'POST', headers: rest, body });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const beat = async ({ credentials }: Machine) => post(await signed(credentials));

async function silences(caller: Partial<Caller> = {}, query = ''): Promise<SilenceView[]> {
  const headers = await asCaller({ kind: 'vendor', organizationId: shop.vendorId, ...caller });
  const response = await fetch(`${app.url}/v1/silences?${query}`, { headers });
  expect(response.status).toBe(200);
  return ((await response.json()) as { items: SilenceView[] }).items;
}

const lastAlive = async ({ instanceId }: Machine): Promise<string | undefined> => {
  const [row] = await database.sql<{ last_alive_at: Date }>(
    'select last_alive_at from metering.heartbeat where instance_id = $1',
    [instanceId],
  );
  return row?.last_alive_at.toISOString();
};

/** Moves the clock, and looks at all machines. */
async function watch(time: string): Promise<void> {
  clock.set(at(time));
  const stage = app.nest.get(WatchHeartbeats, { strict: false });
  for (const bucket of BUCKETS) await stage.work(bucket);
}

const become = (state: string, which = vault) =>
  database.sql('update launcher.instance set state = $2 where id = $1', [which.instanceId, state]);

const reported = (sourceId: string, hour: string, signedBy = 'AKIATEST', dimension = 'users') =>
  app.nest
    .get(UsageWriter, { strict: false })
    .record([{ subscriptionId: shop.subscriptionId, at: new Date(at(hour)), sourceId, dimension, quantity: 0, signedBy }]);

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApp(metering, { database, clock });
});

afterAll(async () => {
  await app?.close();
  await database?.drop();
});

beforeEach(async () => {
  clock.set(at('09:00'));
  shop = await subscribedMarketplace(database);
  vault = await machine(database, shop);
});

describe('a heartbeat', () => {
  it('is taken from a machine that signs it with its session', async () => {
    clock.set(at('09:30'));
    expect(await beat(vault)).toEqual({ status: 200, body: { instanceId: vault.instanceId, lastAliveAt: at('09:30') } });
    expect(await lastAlive(vault)).toBe(at('09:30'));
  });

  it('is taken in the type of JSON that the wire speaks, too', async () => {
    expect(await post(await signed(vault.credentials, 'application/x-amz-json-1.1'))).toMatchObject({ status: 200 });
  });

  it('is written down once a minute, however often it is sent', async () => {
    await Promise.all(Array.from({ length: 20 }, () => beat(vault)));
    clock.set('2026-01-05T09:00:59Z');
    expect((await beat(vault)).body.lastAliveAt).toBe(at('09:00'));
    expect(await lastAlive(vault)).toBe(at('09:00'));
    clock.set(at('09:01'));
    await beat(vault);
    expect(await lastAlive(vault)).toBe(at('09:01'));
  });

  it('is refused to who did not sign it, signed something else, or is a vendor', async () => {
    const good = await signed(vault.credentials);
    const unsigned = { ...good, headers: { 'content-type': 'application/json' } };
    expect(await post(unsigned)).toMatchObject({ status: 403, body: { __type: 'MissingAuthenticationTokenException' } });
    expect(await post({ ...good, body: '{"more":1}' })).toMatchObject({
      status: 403,
      body: { __type: 'InvalidSignatureException' },
    });
    expect(await post({ ...good, path: '/v1/heartbeat?x=1' })).toMatchObject({ body: { __type: 'InvalidSignatureException' } });
    const wrong = { ...vault.credentials, secretAccessKey: 'wrong' };
    expect(await post(await signed(wrong))).toMatchObject({ status: 403, body: { __type: 'InvalidSignatureException' } });
    const vendor = await vendorKey(database, shop.vendorId);
    expect(await post(await signed(vendor))).toMatchObject({ status: 403, body: { __type: 'AccessDeniedException' } });
    expect(await lastAlive(vault)).toBeUndefined();
  });

  it('is refused once the session has expired', async () => {
    const expired = await machine(database, shop, { expiresAt: new Date(Date.now() - 1000) });
    expect(await beat(expired)).toMatchObject({ status: 403, body: { __type: 'ExpiredTokenException' } });
  });
});

describe('silence', () => {
  it('is noticed after two whole hours in which a running machine said nothing, and once', async () => {
    await watch('10:59');
    expect(await silences()).toEqual([]);
    clock.set(at('09:10'));
    await beat(vault);
    await watch('11:59');
    expect(await silences()).toEqual([]);
    for (const time of ['12:00', '12:30', '13:00']) await watch(time);
    expect(await silences()).toEqual([
      {
        subscriptionId: shop.subscriptionId,
        instanceId: vault.instanceId,
        productId: shop.productId,
        ec2InstanceId: null,
        since: at('09:10'),
        noticedAt: at('12:00'),
        endedAt: null,
      },
    ]);
  });

  it('is counted from the start of a machine that never spoke, and writes no usage of zero', async () => {
    await watch('12:00');
    expect(await silences()).toMatchObject([{ since: at('09:00'), endedAt: null }]);
    expect(await database.sql('select from metering.usage_record where subscription_id = $1', [shop.subscriptionId])).toEqual([]);
  });

  it('ends with the first heartbeat', async () => {
    await watch('12:00');
    clock.set(at('12:07'));
    await beat(vault);
    expect(await silences()).toMatchObject([{ endedAt: at('12:07') }]);
    expect(await silences({}, 'state=open')).toEqual([]);
  });

  it('ends with a report, a report of zero too, and one of an hour long past', async () => {
    await watch('12:00');
    clock.set(at('12:07'));
    await meteringClient(app.url, vault.credentials).send(
      new MeterUsageCommand({
        ProductCode: shop.productCode,
        UsageDimension: 'users',
        UsageQuantity: 0,
        Timestamp: new Date(at('09:00')),
      }),
    );
    await watch('12:10');
    expect(await silences({}, 'state=ended')).toMatchObject([{ since: at('09:00'), endedAt: at('12:10') }]);
    await watch('14:59');
    expect(await silences({}, 'state=open')).toEqual([]);
    await watch('15:00');
    expect(await silences({}, 'state=open')).toMatchObject([{ since: at('12:07') }]);
  });

  it('ends when the machine stops, and begins anew when it is started and says nothing again', async () => {
    await watch('12:00');
    await become('stopped');
    await watch('12:10');
    expect(await silences()).toMatchObject([{ endedAt: at('12:10') }]);
    await database.sql('update launcher.instance set launched_at = $2 where id = $1', [vault.instanceId, at('13:30')]);
    await become('running');
    await watch('15:59');
    expect(await silences({}, 'state=open')).toEqual([]);
    await watch('16:00');
    expect((await silences()).map(({ since, endedAt }) => [since, endedAt])).toEqual([
      [at('13:30'), null],
      [at('09:00'), at('12:10')],
    ]);
  });

  it('goes on when EC2 showed the machine as gone for a moment', async () => {
    await watch('12:00');
    await become('stopping');
    await watch('12:10');
    await become('healthy');
    await watch('12:20');
    expect(await silences()).toMatchObject([{ since: at('09:00'), noticedAt: at('12:00'), endedAt: null }]);
  });

  it('is not broken by the hours that the platform counts', async () => {
    clock.set(at('11:59'));
    await reported(vault.instanceId, '11:00', 'platform', 'hours');
    await watch('12:00');
    expect(await silences()).toHaveLength(1);
  });

  it('is not that of machines for which their vendor reports', async () => {
    clock.set(at('11:40'));
    await reported(shop.subscriptionId, '11:00');
    await watch('12:00');
    expect(await silences()).toEqual([]);
  });

  it('is each machine on its own', async () => {
    const other = await machine(database, shop);
    clock.set(at('11:40'));
    await reported(other.instanceId, '11:00');
    await watch('12:00');
    expect(await silences()).toMatchObject([{ instanceId: vault.instanceId }]);
    expect(await silences({}, `instanceId=${other.instanceId}`)).toEqual([]);
  });

  it('is not expected of machines that do not run, of what has no metered price, or after the end of the subscription', async () => {
    for (const state of ['planned', 'pending', 'stopping', 'stopped', 'terminating', 'terminated', 'failed']) {
      await become(state);
      await watch(state.length % 2 ? '12:00' : '12:10');
    }
    await become('healthy');
    await database.sql(`delete from api.price where price_version_id = $1 and model = 'metered'`, [shop.priceVersionId]);
    await watch('12:20');
    const ended = await subscribedMarketplace(database);
    await machine(database, ended);
    await database.sql('update api.subscription set ended_at = $2 where id = $1', [ended.subscriptionId, at('09:30')]);
    await watch('12:30');
    expect(await silences()).toEqual([]);
    expect(await silences({ organizationId: ended.vendorId })).toEqual([]);
  });

  it('is looked for every few minutes, in every bucket, and by the setting', async () => {
    const stage = app.nest.get(WatchHeartbeats, { strict: false });
    clock.set(at('17:00'));
    expect(await stage.due()).toHaveLength(16);
    clock.set(at('17:04'));
    expect(await stage.due()).toEqual([]);
    clock.set(at('17:05'));
    expect(await stage.due()).toHaveLength(16);

    const patient = await startApp(metering, { database, clock, settings: { HEARTBEAT_SILENT_HOURS: '6' } });
    clock.set(at('14:59'));
    const its = patient.nest.get(WatchHeartbeats, { strict: false });
    for (const bucket of await its.due()) await its.work(bucket);
    expect(await silences()).toEqual([]);
    await patient.close();
  });

  it('is shown to the buyer, the vendor and the operator, and to nobody else', async () => {
    await watch('12:00');
    const query = `subscriptionId=${shop.subscriptionId}`;
    const other = await subscribedMarketplace(database);
    expect(await silences({}, query)).toHaveLength(1);
    expect(await silences({ kind: 'buyer', organizationId: shop.buyerId }, query)).toHaveLength(1);
    expect(await silences({ kind: 'operator', organizationId: other.buyerId }, query)).toHaveLength(1);
    expect(await silences({ organizationId: other.vendorId }, query)).toEqual([]);
    expect(await silences({ kind: 'buyer', organizationId: other.buyerId }, query)).toEqual([]);
    expect((await fetch(`${app.url}/v1/silences`)).status).toBe(401);
  });
});
