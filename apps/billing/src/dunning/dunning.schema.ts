/** Shapes of what is overdue, and what comes next. */
import { z } from 'zod';

export const OverdueBuyer = z
  .object({
    buyerId: z.uuid(),
    buyer: z.string(),
    standing: z.enum(['good', 'past_due', 'suspended', 'ended']),
    since: z.iso.datetime().describe('when the collection of the oldest unpaid invoice first failed'),
    isBeingCollected: z.boolean().describe('a payment is on its way'),
    nextRetryAt: z.iso.datetime().nullable().describe('when it is collected again; a newer card is charged at once'),
    suspendsAt: z.iso.datetime().describe('when machines are stopped, until it is paid'),
    endsAt: z.iso.datetime().describe('when subscriptions end'),
  })
  .meta({ id: 'OverdueBuyer' });
export type OverdueBuyer = z.output<typeof OverdueBuyer>;

export const OverdueList = z.object({ items: z.array(OverdueBuyer) }).meta({ id: 'OverdueList' });
