/** An idle fleet at a price by the second: it goes to sleep, nothing accrues, and it is there again when somebody comes. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { settle, startApp, type AppUnderTest } from '#testing/app.ts';
import { metering } from '../../../metering/src/metering.app.ts';
import { fleetWorld, QUEUE, type FleetWorld } from '../testing/fleet-world.ts';

let world: FleetWorld;
let meter: AppUnderTest;
beforeEach(async () => {
  world = await fleetWorld();
  meter = await startApp(metering, { database: world.database, clock: world.clock });
  await world.database.sql(
    `update api.price set dimension = 'running_seconds', increment = 'second', minimum_seconds = 60
      where price_version_id = $1 and model = 'hourly'`,
    [world.market.priceVersionId],
  );
});
afterEach(async () => {
  await meter.close();
  await world.close();
});

const sleepy = (): Promise<string> => world.fleet({ min_machines: 0, max_machines: 4, target: QUEUE, idle_minutes: 10 });
const everything = (): Promise<void> => settle([world.app.nest, meter.nest]);
/** One look a minute, which is no gap. */
const minutes = (count: number): Promise<void> => world.pass(count * 60, 60);
const living = async (): Promise<number> =>
  (await world.machines()).filter(({ state }) => state === 'running' || state === 'pending').length;

/** Seconds that were billed so far. */
async function billed(): Promise<number> {
  await everything();
  const [row] = await world.database.sql<{ seconds: number }>(
    `select coalesce(sum(quantity), 0)::int as seconds from metering.usage_record where dimension = 'running_seconds'`,
  );
  return row!.seconds;
}

/** Seconds that its machines ran until they took no more work. */
const ran = async (): Promise<number> => {
  const [row] = await world.database.sql<{ seconds: number }>(
    `select coalesce(sum(extract(epoch from ended_at - started_at)), 0)::float as seconds from launcher.run_interval where ended_at is not null`,
  );
  return row!.seconds;
};

it('sleeps after ten idle minutes and costs nothing until it is woken, and then only what it runs', async () => {
  const id = await sleepy();
  await everything();
  world.load.shared = 4;
  await minutes(5);
  expect(await world.serving(id)).toHaveLength(1);
  world.load.shared = 0;
  await minutes(10);
  expect(await world.serving(id)).toHaveLength(1);
  await minutes(1);
  expect(await world.serving(id)).toHaveLength(0);
  expect(await world.state(id)).toMatchObject({ desired: 0, asleep_since: expect.any(Date) });
  // It drains at 09:16, when its first idle report, of 09:06, is ten minutes old, and goes when it is done.
  world.load.drained = true;
  await minutes(1);
  expect(await living()).toBe(0);
  expect(await ran()).toBe(16 * 60);

  world.advance({ hours: 2 });
  expect(await billed()).toBe(16 * 60);
  world.advance({ hours: 22 });
  expect(await billed()).toBe(16 * 60);
  expect(await world.members(id)).toHaveLength(1);

  await world.change(id, { wake_requested_at: world.clock.now() });
  await everything();
  expect(await world.serving(id)).toHaveLength(1);
  expect(await world.state(id)).toMatchObject({ desired: 1, asleep_since: null });
  world.load.shared = 8;
  await minutes(5);
  expect(await world.serving(id)).toHaveLength(1);
  world.load.shared = 0;
  await minutes(12);
  expect(await living()).toBe(0);
  world.advance({ hours: 3 });
  // Once more five busy minutes, one until somebody looked, and ten idle ones.
  expect(await ran()).toBe(2 * 16 * 60);
  expect(await billed()).toBe(2 * 16 * 60);
}, 90_000);

it('does not sleep while a single machine has work, nor while one says nothing', async () => {
  const id = await sleepy();
  await everything();
  world.load.shared = 11;
  await minutes(1);
  const [first, second] = await world.serving(id);
  world.load.at.set(first!.public_address!, 0).set(second!.public_address!, 0.5);
  await minutes(12);
  expect((await world.serving(id)).length).toBeGreaterThanOrEqual(1);
  world.load.at.set(second!.public_address!, undefined);
  await minutes(12);
  expect((await world.serving(id)).length).toBeGreaterThanOrEqual(1);
  expect(await world.state(id)).toMatchObject({ asleep_since: null });
}, 90_000);

it('is woken once however often it is asked, and hears a wake that comes as it falls asleep', async () => {
  const id = await sleepy();
  await everything();
  world.load.shared = 0;
  world.load.drained = true;
  await minutes(11);
  expect(await world.serving(id)).toHaveLength(0);
  // In the very instant of the decision, so that neither is earlier than the other.
  const { asleep_since: asleepSince } = await world.state(id);
  await world.change(id, { wake_requested_at: asleepSince });
  await Promise.all([world.scale(id), world.scale(id)]);
  await everything();
  await world.scale(id);
  expect(await world.serving(id)).toHaveLength(1);
  expect(await world.members(id)).toHaveLength(2);
});
