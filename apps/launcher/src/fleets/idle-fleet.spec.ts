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
  await world.pass(20 * 60);
  expect(await world.serving(id)).toHaveLength(1);

  world.load.shared = 0;
  await world.pass(10 * 60);
  expect(await world.serving(id)).toHaveLength(1);
  await world.pass(60);
  expect(await world.serving(id)).toHaveLength(0);
  expect(await world.state(id)).toMatchObject({ desired: 0, asleep_since: expect.any(Date) });
  // It drains at 09:30:30, half a minute after its first idle report was ten minutes old, and goes when it is done.
  world.load.drained = true;
  await world.pass(60);
  expect(await living()).toBe(0);
  expect(await ran()).toBe(30 * 60 + 30);

  world.advance({ hours: 2 });
  expect(await billed()).toBe(30 * 60 + 30);
  world.advance({ hours: 22 });
  expect(await billed()).toBe(30 * 60 + 30);
  expect(await world.members(id)).toHaveLength(1);

  const wokenAt = world.clock.now();
  await world.change(id, { wake_requested_at: wokenAt });
  await everything();
  expect(await world.serving(id)).toHaveLength(1);
  expect(await world.state(id)).toMatchObject({ desired: 1, asleep_since: null });
  world.load.shared = 8;
  await world.pass(15 * 60);
  expect(await world.serving(id)).toHaveLength(1);
  world.load.shared = 0;
  await world.pass(12 * 60);
  expect(await living()).toBe(0);
  world.advance({ hours: 3 });
  const all = await ran();
  // Fifteen busy minutes, ten idle ones, and at most a minute until somebody looked.
  expect(all - (30 * 60 + 30)).toBeGreaterThanOrEqual(25 * 60);
  expect(all - (30 * 60 + 30)).toBeLessThanOrEqual(26 * 60);
  expect(await billed()).toBe(all);
});

it('does not sleep while a single machine has work, nor while one says nothing', async () => {
  const id = await sleepy();
  await everything();
  world.load.shared = 11;
  await world.pass(60);
  const [first, second] = await world.serving(id);
  world.load.at.set(first!.public_address!, 0).set(second!.public_address!, 0.5);
  await world.pass(12 * 60);
  expect((await world.serving(id)).length).toBeGreaterThanOrEqual(1);
  world.load.at.set(second!.public_address!, undefined);
  await world.pass(12 * 60);
  expect((await world.serving(id)).length).toBeGreaterThanOrEqual(1);
  expect(await world.state(id)).toMatchObject({ asleep_since: null });
});

it('is woken once however often it is asked, and hears a wake that comes as it falls asleep', async () => {
  const id = await sleepy();
  await everything();
  world.load.shared = 0;
  world.load.drained = true;
  await world.pass(11 * 60);
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
