/** Shapes of strays: machines that are there otherwise than the marketplace would have it. */
import { z } from 'zod';
import { STRAY_KINDS } from '#domain/stray.ts';

export const StrayQuery = z.object({
  state: z.enum(['open', 'resolved']).optional().describe('both when not given'),
  kind: z.enum(STRAY_KINDS).optional(),
});
export type StrayQuery = z.output<typeof StrayQuery>;

export const StrayView = z
  .object({
    id: z.uuid(),
    kind: z
      .enum(STRAY_KINDS)
      .describe(
        'ended: made by us, and nobody wants it any more. unknown: looks like ours. unentitled: runs a product without a subscription. outside: started by its buyer with other tools, and metered. unseen: nobody has seen it for long',
      ),
    account: z.string().describe("12 digits, or platform for the marketplace's own"),
    region: z.string(),
    ec2InstanceId: z.string().nullable(),
    instanceId: z.uuid().nullable().describe('as GET /v1/instances shows it'),
    imageId: z.string().nullable(),
    buyerId: z.uuid().nullable(),
    productId: z.uuid().nullable(),
    subscriptionId: z.uuid().nullable(),
    reason: z.string(),
    foundAt: z.iso.datetime(),
    seenAt: z.iso.datetime(),
    endToldAt: z.iso.datetime().nullable().describe('when EC2 was told to terminate it'),
    resolvedAt: z.iso.datetime().nullable().describe('when it was found to be so no longer'),
  })
  .meta({ id: 'Stray' });
export type StrayView = z.output<typeof StrayView>;

export const StrayList = z.object({ items: z.array(StrayView) }).meta({ id: 'StrayList' });
