/** The operator's view of the whole: money, and what is stuck. Minor units in decimal strings. */
import { z } from 'zod';

export const PlatformView = z
  .object({
    currencies: z.array(z.object({ currency: z.string(), volumeMinor: z.string(), takeMinor: z.string(), receivableMinor: z.string(), invoices: z.number().int() })),
    stuck: z.array(z.object({ queue: z.string(), rowId: z.string(), attempts: z.number().int(), lastError: z.string(), since: z.iso.datetime() })).describe('what billing could not do, and why'),
  })
  .meta({ id: 'Platform' });
export type PlatformView = z.output<typeof PlatformView>;
