/** The operator's view of the whole: money, and what is stuck. Minor units in decimal strings. */
import { z } from 'zod';

const Money = z.object({
  currency: z.string(),
  invoices: z.number().int(),
  volumeMinor: z.string().describe('invoiced, all time'),
  takeMinor: z.string().describe("the platform's fees in it"),
  stripeFeesMinor: z.string().describe('what Stripe kept'),
  receivableMinor: z.string().describe('owed by buyers'),
  unsettledMinor: z.string().describe("vendors' shares that wait for buyers, or are on hold"),
  payableMinor: z.string().describe('owed to vendors now'),
  inTransitMinor: z.string().describe('reserved for vendors and not sent yet'),
});

const Stuck = z.object({
  queue: z.string(),
  rowId: z.string(),
  attempts: z.number().int(),
  lastError: z.string(),
  since: z.iso.datetime(),
});

export const PlatformView = z
  .object({ items: z.array(Money), stuck: z.array(Stuck).describe('what billing could not do, and why') })
  .meta({ id: 'Platform' });
export type PlatformView = z.output<typeof PlatformView>;
