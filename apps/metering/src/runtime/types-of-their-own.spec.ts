/** Machines of a type that has a price of its own are counted in a dimension of its own. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { runtimeWorld, type RuntimeWorld } from '../testing/runtime.ts';

let world: RuntimeWorld;
beforeAll(async () => {
  world = await runtimeWorld();
});
afterAll(() => world?.close());
beforeEach(async () => {
  await world.open('2026-01-05T09:00:00Z');
  await world.database.sql(
    `insert into api.price (price_version_id, dimension, model, instance_type, description, unit, rate)
     values ($1, 'hours.t3.small', 'hourly', 't3.small', 'Running machine', 'hour', 0.4)`,
    [world.shop.priceVersionId],
  );
});

const records = (): Promise<Array<{ dimension: string; hours: string }>> =>
  world.database.sql(
    `select dimension, sum(quantity)::text as hours from metering.usage_record where subscription_id = $1 group by dimension order by dimension`,
    [world.shop.subscriptionId],
  );
const small = (id: string): Promise<unknown> =>
  world.database.sql(`update launcher.instance set instance_type = 't3.small' where id = $1`, [id]);

it('counts a small machine’s hours by themselves, and those of all others together', async () => {
  const [micro, other] = [
    await world.launched({ seen: '2026-01-05T12:30:00Z' }),
    await world.launched({ seen: '2026-01-05T12:30:00Z' }),
  ];
  await small(other);
  await world.ran(micro, '2026-01-05T10:10:00Z');
  await world.ran(other, '2026-01-05T09:10:00Z');
  await world.settleAt('2026-01-05T12:30:00Z');
  await world.settleAt('2026-01-05T12:31:00Z');
  expect(await records()).toEqual([
    { dimension: 'hours', hours: '3' },
    { dimension: 'hours.t3.small', hours: '4' },
  ]);
});

it('corrects an hour in the dimension that it was recorded in', async () => {
  const id = await world.launched({ seen: '2026-01-05T12:30:00Z' });
  await small(id);
  await world.ran(id, '2026-01-05T09:10:00Z');
  await world.settleAt('2026-01-05T12:30:00Z');
  await world.ended(id, '2026-01-05T10:30:00Z');
  await world.seen(id, '2026-01-05T13:00:00Z', 'terminated');
  await world.settleAt('2026-01-05T13:00:00Z');
  const corrected = await world.database.sql(
    `select dimension, sum(delta)::text as delta from metering.usage_adjustment where subscription_id = $1 group by dimension`,
    [world.shop.subscriptionId],
  );
  expect(corrected).toEqual([{ dimension: 'hours.t3.small', delta: '-2' }]);
});
