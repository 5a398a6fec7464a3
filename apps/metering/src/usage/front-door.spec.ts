import { CloudEvent, emitterFor, HTTP, Mode, type Message } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Account } from '#testing/account.ts';
import { startApp, type AppUnderTest } from '#testing/app.ts';
import { TestClock } from '#testing/clock.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { subscribedMarketplace, type Marketplace } from '#testing/fixtures.ts';
import { freePort } from '#testing/ports.ts';
import { api } from '../../../api/src/api.app.ts';
import { metering } from '../metering.app.ts';

describe('the one origin', () => {
  let database: TestDatabase;
  let behind: AppUnderTest;
  let front: AppUnderTest;
  let shop: Marketplace;
  let acme: Account;
  let key: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    const clock = new TestClock('2026-01-05T15:20:00Z');
    behind = await startApp(metering, { database, clock });
    const port = String(await freePort());
    front = await startApp(api, {
      database,
      clock,
      settings: {
        AUTH_SECRET: 'a-secret-for-signing-test-sessions',
        PORT: port,
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        METERING_URL: behind.url,
      },
    });
    shop = await subscribedMarketplace(database);
    acme = await Account.open(front.url, {
      name: 'Acme',
      email: 'it@acme.test',
      password: 'correct horse battery',
      kind: 'vendor',
    });
    await database.sql('update api.subscription set vendor_id = $1 where id = $2', [acme.organizationId, shop.subscriptionId]);
    const made = await acme.post<{ key: string }>('/v1/auth/api-key/create', {
      name: 'meter',
      organizationId: acme.organizationId,
    });
    key = made.key;
  });
  afterAll(async () => {
    await front?.close();
    await behind?.close();
    await database?.drop();
  });

  it('passes reports and events on, by session and by API key, in all forms of CloudEvents', async () => {
    const records = [{ subscriptionId: shop.subscriptionId, at: '2026-01-05T15:00:00Z', dimension: 'users', quantity: 5 }];
    const reported = await acme.post<{ results: Array<{ status: string; recordId: string }> }>('/v1/usage', { records });
    expect(reported.results).toMatchObject([{ status: 'accepted' }]);
    const { recordId } = reported.results[0]!;

    const answers: unknown[] = [];
    const send = async ({ headers, body }: Message): Promise<void> => {
      const answer = await fetch(`${front.url}/v1/events`, {
        method: 'POST',
        headers: { ...(headers as Record<string, string>), authorization: `Bearer ${key}` },
        body: body as string,
      });
      answers.push(await answer.json());
    };
    const event = new CloudEvent({
      type: 'slipway.usage.v1',
      source: '/acme/vault',
      id: 'an hour',
      subject: shop.subscriptionId,
      time: '2026-01-05T15:00:00Z',
      data: { dimension: 'users', quantity: 5 },
    });
    for (const mode of [Mode.STRUCTURED, Mode.BINARY]) await emitterFor(send, { binding: HTTP, mode })(event);
    await send({ headers: { 'content-type': 'application/cloudevents-batch+json' }, body: JSON.stringify([event]) });
    const repeated = { status: 'repeated', recordId };
    expect(answers).toEqual([repeated, repeated, { results: [{ index: 0, ...repeated }] }]);

    expect(await acme.get('/v1/usage?limit=1')).toMatchObject({ items: [{ recordId, quantity: '5', moneyState: 'metered' }] });
    const nobody = await fetch(`${front.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(nobody.status).toBe(401);
  });
});
