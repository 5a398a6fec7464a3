/** Shapes of accepted usage as its vendor and its buyer read it back. */
import { z } from 'zod';

const instant = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

export const UsageQuery = z.object({
  subscriptionId: z.uuid(),
  from: instant.optional().describe('first hour, included; the start of this month when not given'),
  to: instant.optional().describe('end, excluded; now when not given'),
  limit: z.coerce.number().int().min(1).max(1000).default(1000).describe('records at most'),
});
export type UsageQuery = z.output<typeof UsageQuery>;

export const AcceptedUsage = z
  .object({
    recordId: z.uuid().describe('MeteringRecordId on the AWS wire'),
    hour: z.iso.datetime().describe('start of the hour of use, UTC'),
    day: z.iso.date(),
    source: z.enum(['instance', 'vendor']).describe("a machine of the buyer's, or the vendor's own account"),
    sourceId: z.uuid().describe("the machine's id, or the subscription's"),
    dimension: z.string(),
    quantity: z.string(),
    receivedAt: z.iso.datetime(),
  })
  .meta({ id: 'AcceptedUsage' });

export const UsageView = z
  .object({
    items: z.array(AcceptedUsage),
    days: z
      .array(z.object({ day: z.iso.date(), dimension: z.string(), quantity: z.string() }))
      .describe('sums of all records of the span, whatever the limit'),
  })
  .meta({ id: 'Usage' });
export type UsageView = z.output<typeof UsageView>;
