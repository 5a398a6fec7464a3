import { CloudEvent, emitterFor, HTTP, Mode, type Message } from 'cloudevents';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { metering } from '../metering.app.ts';
import { machine } from '../testing/wire.ts';

const SOURCE = '/acme/vault/eu-1';
const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

let database: TestDatabase;
let app: AppUnderTest;
let shop: Marketplace;
const clock = new TestClock();

const used = (given: Record<string, unknown> = {}) => ({ dimension: 'users', quantity: 5, ...given });
const event = ({ data, ...given }: Record<string, unknown> = {}) => ({
  specversion: '1.0',
  id: 'first',
  source: SOURCE,
  type: 'slipway.usage.v1',
  subject: shop.subscriptionId,
  time: '2026-01-05T15:20:00Z',
  data: data ?? used(),
  ...given,
});

interface Answer {
  status: number;
  body: {
    status?: string;
    recordId?: string;
    code?: string;
    detail?: string;
    results?: Array<{ status: string; code?: string; recordId?: string }>;
  };
}

const post = async (
  headers: Record<string, string>,
  body: unknown,
  as: { organizationId: string; kind: 'buyer' | 'vendor' } = { organizationId: shop.vendorId, kind: 'vendor' },
): Promise<Answer> => {
  const answer = await fetch(`${app.url}/v1/events`, {
    method: 'POST',
    headers: { ...(await asCaller(as)), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
};
const one = (given?: Record<string, unknown>) => post({ 'content-type': STRUCTURED }, event(given));
const batch = async (events: unknown[]) => {
  const { status, body } = await post({ 'content-type': BATCH }, events);
  expect(status).toBe(200);
  return body.results!.map(({ status: became, code }) => code ?? became);
};
const rows = () =>
  database.sql<{ quantity: string; source_id: string; hour: Date }>(
    'select * from metering.usage_record where subscription_id = $1 order by hour',
    [shop.subscriptionId],
  );

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

describe('POST /v1/events', () => {
  it('takes what the CloudEvents SDK sends, structured and binary, as the same record', async () => {
    const answers: Answer[] = [];
    const send = (mode: Mode) =>
      emitterFor(
        async ({ headers, body }: Message) => {
          answers.push(await post(headers as Record<string, string>, body as string));
        },
        { binding: HTTP, mode },
      );
    const made = new CloudEvent({ ...event({ licenceregion: 'eu' }), subject: shop.licenseArn });
    await send(Mode.STRUCTURED)(made);
    await send(Mode.BINARY)(made);
    const [{ body }] = answers as [Answer];
    expect(answers).toEqual([
      { status: 200, body: { status: 'accepted', recordId: expect.any(String) } },
      { status: 200, body: { status: 'repeated', recordId: body.recordId } },
    ]);
    expect(await rows()).toMatchObject([
      { quantity: '5', source_id: shop.subscriptionId, hour: new Date('2026-01-05T15:00:00Z') },
    ]);
  });

  it('reads headers that are quoted and percent-encoded', async () => {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'ce-specversion': '1.0',
      'ce-id': '"a \\"good\\" d%C3%A4y"',
      'ce-source': SOURCE,
      'ce-type': 'slipway.usage.v1',
      'ce-subject': shop.subscriptionId,
      'ce-time': '2026-01-05T15:20:00.5+00:00',
    };
    expect(await post(headers, used())).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(
      await database.sql('select event_id from metering.usage_event where subscription_id = $1', [shop.subscriptionId]),
    ).toEqual([{ event_id: 'a "good" däy' }]);
    expect(await post({ ...headers, 'ce-id': '%zz' }, used())).toMatchObject({ status: 400, body: { code: 'invalid_event' } });
    const { 'ce-id': _id, ...nameless } = headers;
    expect(await post(nameless, used())).toMatchObject({ status: 400, body: { code: 'invalid_event' } });
  });

  it('knows an event by source and id: the same again is the same record, whenever it comes', async () => {
    const { body } = await one();
    expect(body.status).toBe('accepted');
    clock.set('2026-01-20T00:00:00Z');
    expect(await one({ note: 'sent again' })).toEqual({ status: 200, body: { status: 'repeated', recordId: body.recordId } });
    expect(await one({ subject: shop.licenseArn })).toMatchObject({ body: { status: 'repeated' } });
    expect(await one({ id: 'second' })).toMatchObject({ status: 409, body: { code: 'time_out_of_window' } });
  });

  it('refuses a known source and id with anything else in it', async () => {
    await one();
    const other = await subscribedMarketplace(database);
    await database.sql('update api.subscription set vendor_id = $1 where id = $2', [shop.vendorId, other.subscriptionId]);
    for (const given of [
      { data: used({ quantity: 6 }) },
      { data: used({ dimension: 'gigabytes' }) },
      { data: used({ allocations: [{ quantity: 5 }] }) },
      { time: '2026-01-05T14:20:00Z' },
      { subject: other.subscriptionId },
    ])
      expect(await one(given)).toMatchObject({ status: 409, body: { code: 'event_id_reused' } });
    expect(await rows()).toMatchObject([{ quantity: '5' }]);
    expect(await one({ source: '/acme/other', time: '2026-01-05T14:20:00Z' })).toMatchObject({ body: { status: 'accepted' } });
  });

  it('keeps the first of two events for one hour', async () => {
    const { body } = await one();
    expect(await one({ id: 'second' })).toMatchObject({ body: { status: 'repeated', recordId: body.recordId } });
    const later = { id: 'third', data: used({ quantity: 6 }) };
    for (let round = 0; round < 2; round += 1)
      expect(await one(later)).toMatchObject({ status: 409, body: { code: 'another_quantity' } });
    expect(await rows()).toMatchObject([{ quantity: '5' }]);
  });

  it('makes good an event whose taker was stopped before it wrote the record', async () => {
    await one();
    const sent = event({ id: 'stopped', time: '2026-01-05T14:00:00Z' });
    await post({ 'content-type': STRUCTURED }, sent);
    // As it would be had the process ended between the two: the identity without its record.
    await database.sql(`delete from metering.usage_record where subscription_id = $1 and hour = '2026-01-05T14:00:00Z'`, [
      shop.subscriptionId,
    ]);
    expect(await post({ 'content-type': STRUCTURED }, sent)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(await rows()).toHaveLength(2);
  });

  it('takes an event once when it is sent many times at once, and one of two that share their id', async () => {
    const same = await Promise.all(Array.from({ length: 12 }, () => one()));
    expect(new Set(same.map(({ body }) => body.recordId)).size).toBe(1);
    const hours = ['10', '11', '12', '13', '14'];
    const different = await Promise.all(hours.map((hour) => one({ id: 'contested', time: `2026-01-05T${hour}:00:00Z` })));
    expect(different.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(different.filter(({ body }) => body.code === 'event_id_reused')).toHaveLength(4);
    expect(await rows()).toHaveLength(2);
  });

  it('answers a batch event by event', async () => {
    const { instanceId } = await machine(database, shop);
    expect(
      await batch([
        event(),
        event(),
        event({ data: used({ quantity: 7 }) }),
        event({ id: 'machine', data: used({ instanceId }) }),
        event({ id: 'old', time: '2026-01-01T00:00:00Z' }),
        event({ id: 'nobody', subject: newId() }),
        { specversion: '1.0' },
        null,
        event({ id: 'late', time: '2026-01-05T14:00:00Z' }),
      ]),
    ).toEqual([
      'accepted',
      'repeated',
      'event_id_reused',
      'accepted',
      'time_out_of_window',
      'subscription_not_found',
      'invalid_event',
      'invalid_event',
      'accepted',
    ]);
    expect(await batch([])).toEqual([]);
  });

  it('takes 1,000 events at once, and not 1,001', async () => {
    const events = Array.from({ length: 1001 }, (_, index) =>
      event({ id: `event ${index}`, time: new Date(Date.UTC(2026, 0, 5, 9 + (index % 7))).toISOString() }),
    );
    const became = await batch(events.slice(0, 1000));
    expect([became.filter((each) => each === 'accepted').length, became.filter((each) => each === 'repeated').length]).toEqual([
      7, 993,
    ]);
    expect(await batch(events.slice(0, 1000))).toEqual(events.slice(0, 1000).map(() => 'repeated'));
    expect(await post({ 'content-type': BATCH }, events)).toMatchObject({ status: 400, body: { code: 'invalid_event' } });
  });

  it('is strict about what an event is', async () => {
    for (const given of [
      { specversion: '0.3' },
      { id: '' },
      { id: undefined },
      { source: undefined },
      { source: 'not a uri' },
      { type: 'slipway.usage.v2' },
      { subject: undefined },
      { time: undefined },
      { time: '2026-01-05' },
      { datacontenttype: 'text/plain' },
      { data: { dimension: 'users' } },
      { data: used({ quantity: -1 }) },
      { data: used({ quantity: 1.5 }) },
      { data: used({ quantity: 2_147_483_648 }) },
      { data: used({ instance: 'i-0123456789abcdef0' }) },
      { Extension: 'x' },
      { extension: { deep: true } },
      { data: undefined, data_base64: 'e30=' },
    ])
      expect([given, await one(given)]).toMatchObject([given, { status: 400, body: { code: 'invalid_event' } }]);
    expect(await rows()).toEqual([]);
  });

  it('takes three forms and no other', async () => {
    expect(await post({ 'content-type': `${STRUCTURED}; charset=utf-8` }, event())).toMatchObject({ status: 200 });
    expect(await post({ 'content-type': 'application/json' }, event())).toMatchObject({
      status: 400,
      body: { code: 'invalid_event' },
    });
    expect(await post({ 'content-type': BATCH }, event())).toMatchObject({ status: 400, body: { code: 'invalid_event' } });
    expect(await post({ 'content-type': STRUCTURED }, '{"specversion":')).toMatchObject({ status: 400 });
    expect(await post({ 'content-type': 'application/cloudevents+avro' }, 'x')).toMatchObject({ status: 415 });
  });

  it("does not know others' subscriptions and machines, and is for vendors", async () => {
    const other = await subscribedMarketplace(database);
    const { instanceId } = await machine(database, other);
    for (const subject of [other.subscriptionId, other.licenseArn, newId()])
      expect(await one({ subject })).toMatchObject({ status: 404, body: { code: 'subscription_not_found' } });
    expect(await one({ data: used({ instanceId }) })).toMatchObject({ status: 404, body: { code: 'instance_not_found' } });
    expect(await post({ 'content-type': STRUCTURED }, event(), { organizationId: shop.buyerId, kind: 'buyer' })).toMatchObject({
      status: 403,
    });
  });

  it('lets two vendors use the same source and id', async () => {
    await one();
    const other = await subscribedMarketplace(database);
    const theirs = { organizationId: other.vendorId, kind: 'vendor' } as const;
    const sent = { ...event({ data: used({ quantity: 9 }) }), subject: other.subscriptionId };
    expect(await post({ 'content-type': STRUCTURED }, sent, theirs)).toMatchObject({ body: { status: 'accepted' } });
  });
});
