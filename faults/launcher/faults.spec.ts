/** The launcher while EC2 and it itself fail, in short; `npm run faults -- launcher` kills it at every step and does all the rest. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '#testing/database.ts';
import { seeded } from '../metering/workload.ts';
import { Place } from './place.ts';
import { FAULTS } from './runs.ts';

const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
let place: Place;

beforeAll(async () => {
  place = await Place.open(await createTestDatabase());
});
afterAll(() => place?.close());

const INTENT = 'SET "attempted_at"';

it(`makes each machine once and bills the hours that it ran, FAULT_SEED=${seed}`, { timeout: 180_000 }, async () => {
  const [beforeTheCall, beforeTheRecord] = [await place.launch(), await place.launch()];
  const countOf = async (): Promise<number> => (await place.machines()).length;
  const before = await countOf();
  // Killed when the intent is committed, and when EC2 has made the machine and answered.
  await Promise.all([
    place.victim({ launchId: beforeTheCall, until: 'healthy', killAfter: INTENT, killAt: 1 }),
    place.victim({ launchId: beforeTheRecord, until: 'healthy', killAfter: INTENT, killAt: 3 }),
  ]);
  expect(await countOf()).toBe(before + 1);
  expect(await place.rows()).toMatchObject([
    { state: 'planned', ec2_instance_id: null, attempted_at: expect.any(Date) },
    { state: 'planned', ec2_instance_id: null, attempted_at: expect.any(Date) },
  ]);
  expect(await place.come([beforeTheCall, beforeTheRecord], 'healthy')).toBe(true);
  expect(await countOf()).toBe(before + 2);

  const context = { random: seeded(seed), machines: 2 };
  expect(await FAULTS['RunInstances timed out after success']!(place, context)).toBeGreaterThan(0);
  expect(await FAULTS['stop and start across an hour']!(place, context)).toBeGreaterThan(0);
  expect(await place.violations()).toEqual([]);
});
