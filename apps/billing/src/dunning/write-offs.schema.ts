/** Shapes of invoices that are given up, and of paying one now. */
import { z } from 'zod';

export const NewWriteOff = z
  .object({ invoiceId: z.uuid(), reason: z.string().trim().min(3).max(500) })
  .meta({ id: 'NewWriteOff' });
export type NewWriteOff = z.output<typeof NewWriteOff>;

export const WriteOffView = z
  .object({
    id: z.uuid(),
    invoiceId: z.uuid(),
    invoice: z.string().describe('its number'),
    buyerId: z.uuid(),
    currency: z.string(),
    amountMinor: z.string(),
    reason: z.string(),
    writtenOffAt: z.iso.datetime(),
    recoveredAt: z.iso.datetime().nullable().describe('when it was paid after all'),
  })
  .meta({ id: 'WriteOff' });
export type WriteOffView = z.output<typeof WriteOffView>;

export const WriteOffList = z.object({ items: z.array(WriteOffView) }).meta({ id: 'WriteOffList' });
