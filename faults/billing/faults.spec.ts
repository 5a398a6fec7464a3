/** Billing killed at some steps, in short; `npm run faults -- billing` kills it at all of them and does the rest. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Months } from './months.ts';
import { seeded } from '../metering/workload.ts';
import { unkindWebhooks } from './runs.ts';

const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
let months: Months;

beforeAll(async () => {
  months = await Months.open();
});
afterAll(() => months?.close());

it(`ends every month the same to the cent, FAULT_SEED=${seed}`, { timeout: 180_000 }, async () => {
  const random = seeded(seed);
  // There are about four hundred things to be said on the 1st.
  await months.play({ close: async () => void (await months.victim(1 + Math.floor(random() * 380))) });
  expect(await unkindWebhooks(months, { seed, count: 1 })).toBe(1);
  expect(months.violations).toEqual([]);
});
