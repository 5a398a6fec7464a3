/** Shapes of accepted usage as its vendor and its buyer read it back. */
import { z } from 'zod';
import { MONEY_STATES } from '#domain/usage-money.ts';
import { instanceName, name } from './report-usage.schema.ts';

const instant = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

export const UsageQuery = z.object({
  subscriptionId: z.uuid().toLowerCase().optional().describe('all subscriptions of the caller when not given'),
  productCode: name().optional(),
  dimension: name().optional(),
  instanceId: instanceName.optional(),
  from: instant.optional().describe('first hour, included; the start of this month when not given'),
  to: instant.optional().describe('end, excluded; now when not given'),
  limit: z.coerce.number().int().min(1).max(1000).default(1000).describe('records at most'),
  cursor: z.string().max(2000).optional().describe('where the page before ended: its `nextCursor`, with the same filters'),
});
export type UsageQuery = z.output<typeof UsageQuery>;

const moneyState = z
  .enum(MONEY_STATES)
  .describe('how far the money has come: available is what the vendor can be paid of it, paid what was sent to the vendor');

export const AcceptedUsage = z
  .object({
    recordId: z.uuid().describe('MeteringRecordId on the AWS wire'),
    subscriptionId: z.uuid(),
    hour: z.iso.datetime().describe('start of the hour of use, UTC'),
    day: z.iso.date(),
    source: z.enum(['instance', 'vendor']).describe("a machine of the buyer's, or the vendor's own account"),
    sourceId: z.uuid().describe("the machine's id, or the subscription's"),
    dimension: z.string(),
    quantity: z.string(),
    allocations: z.array(z.object({ quantity: z.string(), tags: z.array(z.object({ key: z.string(), value: z.string() })) })),
    moneyState,
    receivedAt: z.iso.datetime(),
  })
  .meta({ id: 'AcceptedUsage' });
export type AcceptedUsage = z.output<typeof AcceptedUsage>;

export const UsageView = z
  .object({
    items: z.array(AcceptedUsage).describe('by subscription, hour, source and dimension'),
    nextCursor: z
      .string()
      .nullable()
      .describe('of the next page; null when this is the last. A page may hold fewer records than the limit, even none'),
    days: z
      .array(z.object({ day: z.iso.date(), dimension: z.string(), quantity: z.string(), moneyState }))
      .describe(
        'sums of all records and adjustments of one subscription, whatever the limit; with its first page, and not for several subscriptions',
      ),
  })
  .meta({ id: 'Usage' });
export type UsageView = z.output<typeof UsageView>;
