/** The fault runs of billing: it is killed before each thing that it says, and Stripe's news comes twice, in disorder, or never. */
import { newDatabase } from '../launcher/place.ts';
import { seeded } from '../metering/workload.ts';
import type { FaultReport } from '../report.ts';
import { Months } from './months.ts';

/** How many of the points are killed at; all unless said otherwise. */
const POINTS = Number(process.env.FAULT_POINTS ?? Number.POSITIVE_INFINITY);
const MONTHS = Number(process.env.FAULT_MONTHS ?? 12);

/**
 * A kill before one thing differs from a kill before the next only when the one changes anything.
 * @param said as a victim prints it. @returns the numbers to kill at
 */
export const pointsOf = (said: readonly string[]): number[] =>
  said.flatMap((line, index) => (index > 0 && isChange(said[index - 1]!) ? [index + 1] : []));

const isChange = (line: string): boolean => !/^\d+ sql select(?!.*(advisory|pgboss))/i.test(line);

/** Evenly spread over all. */
export function some<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)]!);
}

/** F13, F15: close, collect, apply-event, refund, claw-back, split, reserve and transfer on the 1st; the bank's payout on the 3rd. */
export async function killAtEach(months: Months, most: number): Promise<number> {
  let [closing, payingOut]: [string[], string[]] = [[], []];
  await months.play({
    close: async () => {
      closing = await months.victim(0);
    },
    payOut: async () => {
      payingOut = await months.victim(0);
    },
  });
  const [closes, payOuts] = [some(pointsOf(closing), most), some(pointsOf(payingOut), most)];
  console.log(
    `  ${closing.length} and ${payingOut.length} things are said, ${closes.length} and ${payOuts.length} are killed at`,
  );
  for (let index = 0; index < Math.max(closes.length, payOuts.length); index += 1) {
    const [close, payOut] = [closes[index], payOuts[index]];
    await months.play({
      ...(close && { close: async () => void (await months.victim(close)) }),
      ...(payOut && { payOut: async () => void (await months.victim(payOut)) }),
    });
  }
  await months.reconcile();
  return closes.length + payOuts.length;
}

/** F20, F21: webhooks twice, in disorder and lost for ever. */
export async function unkindWebhooks(months: Months, { seed, count }: { seed: number; count: number }): Promise<number> {
  const random = seeded(seed);
  for (let month = 0; month < count; month += 1) {
    const manner = { seed: Math.floor(random() * 2 ** 31), duplicates: 0.4, losses: month % 3 === 2 ? 1 : 0.3, shufflesMs: 20 };
    months.world.sandbox.stripeControl.setManner(manner);
    await months.play({ isDeaf: true });
  }
  months.world.sandbox.stripeControl.setManner({});
  await months.reconcile();
  return count;
}

export async function billingFaults(): Promise<FaultReport[]> {
  const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
  const runs: Record<string, (months: Months) => Promise<number>> = {
    'kill -9 at each step': (months) => killAtEach(months, POINTS),
    [`unkind webhooks, FAULT_SEED=${seed}`]: (months) => unkindWebhooks(months, { seed, count: MONTHS }),
  };
  const reports: FaultReport[] = [];
  for (const [fault, run] of Object.entries(runs)) {
    console.log(fault);
    const months = await Months.open(await newDatabase(['billing']));
    try {
      const injected = await run(months);
      reports.push({ fault: `billing, ${fault}`, injected, violations: months.violations });
    } catch (error) {
      reports.push({ fault: `billing, ${fault}`, injected: 0, violations: [...months.violations, String(error)] });
    } finally {
      await months.close();
    }
  }
  return reports;
}
