import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QueueName } from '#platform/queues.ts';
import { asCaller, startApp, type AppUnderTest } from '#testing/app.ts';
import { billingWorld, type World } from '../../../billing/src/testing/world.ts';
import { metering } from '../metering.app.ts';
import type { UsageView } from './usage.schema.ts';

describe('the money state of usage', () => {
  let world: World;
  let app: AppUnderTest;
  beforeAll(async () => {
    world = await billingWorld();
    app = await startApp(metering, { database: world.database, clock: world.clock });
  });
  afterAll(async () => {
    await app?.close();
    await world?.close();
  });

  const seen = async (): Promise<UsageView> => {
    const { subscriptionId, vendorId } = world.market;
    const headers = await asCaller({ organizationId: vendorId, kind: 'vendor' });
    const answer = await fetch(`${app.url}/v1/usage?subscriptionId=${subscriptionId}&from=2026-01-01T00:00:00Z`, { headers });
    return (await answer.json()) as UsageView;
  };
  const states = async (): Promise<string[]> => (await seen()).items.map(({ day, moneyState }) => `${day} ${moneyState}`);
  const report = async (at: string): Promise<void> => {
    const headers = {
      ...(await asCaller({ organizationId: world.market.vendorId, kind: 'vendor' })),
      'content-type': 'application/json',
    };
    const records = [{ subscriptionId: world.market.subscriptionId, at, dimension: 'users', quantity: 40 }];
    const answer = await fetch(`${app.url}/v1/usage`, { method: 'POST', headers, body: JSON.stringify({ records }) });
    expect(await answer.json()).toMatchObject({ results: [{ status: 'accepted' }] });
  };
  const step = async (queue: QueueName): Promise<void> => {
    const stage = world.stage(queue);
    for (const id of await stage.due()) await stage.work(id);
  };

  it('goes from metered to paid as January is billed, and February stays metered', async () => {
    await world.openAccounts();
    await world.app.settle();
    await report('2026-01-05T09:10:00Z');
    await app.settle();
    expect(await states()).toEqual(['2026-01-05 metered']);

    await world.metered('2026-02-01T00:00:00Z');
    world.moveTo('2026-02-01T06:10:00Z');
    await report('2026-02-01T06:00:00Z');
    await step('billing.open-period');
    expect(await states()).toEqual(['2026-01-05 metered', '2026-02-01 metered']);
    for (const [queue, state] of [
      ['billing.rate-period', 'rated'],
      ['billing.close-period', 'invoiced'],
      ['billing.collect-payment', 'collected'],
      ['billing.release-shares', 'available'],
      ['billing.pay-out', 'available'],
      ['billing.send-payout', 'paid'],
    ] as const) {
      await step(queue);
      expect([queue, ...(await states())]).toEqual([queue, `2026-01-05 ${state}`, '2026-02-01 metered']);
    }
    expect((await seen()).days).toMatchObject([
      { day: '2026-01-05', quantity: '40', moneyState: 'paid' },
      { day: '2026-02-01', quantity: '40', moneyState: 'metered' },
    ]);
  });
});
