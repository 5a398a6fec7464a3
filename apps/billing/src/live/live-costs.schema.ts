/** Shapes of what a subscription has come to so far and is on no invoice yet. */
import { z } from 'zod';

const amount = z.string().describe('major units, rounded once to twelve decimals; an invoice rounds each line to minor units');
const parts = z.object({ label: z.string(), quantity: z.string(), unitSize: z.string(), rate: z.string() });

export const AccruedLineView = z
  .object({
    dimension: z.string(),
    model: z.string(),
    description: z.string(),
    unit: z.string(),
    priceVersionId: z.uuid(),
    quantity: z.string().describe('as counted'),
    unitSize: z.string().describe('how much of the quantity one unit is: 3600 for seconds that are priced by the hour'),
    rate: z.string().nullable().describe('for one unit; null where there is no single one'),
    parts: z.array(parts).describe('how the amount comes about, where it is not quantity / unitSize * rate'),
    amount,
  })
  .meta({ id: 'AccruedLine' });
export type AccruedLineView = z.output<typeof AccruedLineView>;

export const AccruedPeriodView = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime().describe('now, or the end of a period that is over and not invoiced yet'),
    software: z.object({
      amount,
      missingSpend: z.string().describe('of the amount, what is short of the minimum spend of the time that has passed'),
      lines: z.array(AccruedLineView).describe('before coupons and credit'),
    }),
    infrastructure: z.object({
      currency: z.string().describe('that of the prices; nothing is converted'),
      amount: z.string().describe('what the machines cost at AWS; volumes and snapshots are not counted'),
      unpricedSeconds: z.string().describe('seconds that ran and for which no price is known: not in the amount, and not free'),
    }),
    instances: z
      .array(
        z.object({
          id: z.uuid().nullable().describe('null for what no machine stands for: fees, and what was reported of all together'),
          ec2InstanceId: z.string().nullable(),
          region: z.string().nullable(),
          instanceType: z.string().nullable(),
          software: amount,
          dimensions: z.record(z.string(), z.string()).describe('of the software, by dimension'),
          infrastructure: amount,
        }),
      )
      .describe('sums to the amounts above'),
    tags: z
      .array(
        z.object({
          key: z.string(),
          value: z.string().nullable().describe('null for what has no such tag'),
          software: amount,
          infrastructure: amount,
        }),
      )
      .describe('tags of launches and fleets, and those that usage was reported under; each key sums to the amounts above'),
  })
  .meta({ id: 'AccruedPeriod' });
export type AccruedPeriodView = z.output<typeof AccruedPeriodView>;

export const LiveCostView = z
  .object({
    subscriptionId: z.uuid(),
    currency: z.string(),
    asOf: z.iso
      .datetime()
      .describe('reports count up to now, running machines up to when each was last seen: this is the oldest'),
    periods: z.array(AccruedPeriodView).describe('those that are on no invoice yet, oldest first'),
  })
  .meta({ id: 'LiveCost' });
export type LiveCostView = z.output<typeof LiveCostView>;

export const SubscriptionId = z.uuid();
