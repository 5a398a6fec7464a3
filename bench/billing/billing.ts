/** What closing, booking and collecting a month take, beside what the database and Stripe take: each with its limit, measured in the same run. */
import { report, type Row } from '../harness.ts';
import { closing, growth } from './close.ts';
import { collect } from './collect.ts';
import { journals } from './journals.ts';
import { inNewPlaces } from './place.ts';

const AGREEMENTS = Number(process.env.BENCH_AGREEMENTS ?? 50_000);
/** With two months of history, and with twenty. */
const GROWING = { agreements: Math.ceil(AGREEMENTS / 25), months: 2 };
const COLLECTED = Math.ceil(AGREEMENTS / 50);

export async function billing(): Promise<void> {
  const rows: Row[] = [await step('close', () => inNewPlaces(['slipway', 'plain'], (places) => closing(places, AGREEMENTS)))];
  rows.push(...(await step('journals', () => inNewPlaces(['slipway'], ([place]) => journals(place!)))));
  rows.push(await step('growth', () => inNewPlaces(['few', 'many'], (places) => growth(places, GROWING))));
  rows.push(...(await step('collect', () => inNewPlaces(['slipway'], ([place]) => collect(place!, COLLECTED)))));
  report('billing', rows);
}

async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  console.log(`  ${what}: ${JSON.stringify(result)} (${Math.round((performance.now() - started) / 1000)} s)`);
  return result;
}
