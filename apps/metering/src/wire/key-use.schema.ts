/** Shape of when a vendor's keys were last used. */
import { z } from 'zod';

export const VendorKeyUses = z
  .object({
    items: z.array(z.object({ accessKeyId: z.string(), lastUsedAt: z.iso.datetime().describe('to the minute') })),
  })
  .meta({ id: 'VendorKeyUses' });
export type VendorKeyUses = z.output<typeof VendorKeyUses>;
