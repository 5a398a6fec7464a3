/** Shapes of vendor access keys. The secret is shown once, when the key is made. */
import { z } from 'zod';

export const VendorKeyView = z
  .object({ accessKeyId: z.string(), createdAt: z.iso.datetime(), revokedAt: z.iso.datetime().nullable() })
  .meta({ id: 'VendorKey' });
export type VendorKeyView = z.output<typeof VendorKeyView>;

export const NewVendorKey = z
  .object({
    accessKeyId: z.string(),
    secretAccessKey: z.string().describe('shown only now; keep it where your software reads it'),
  })
  .meta({ id: 'NewVendorKey' });
export type NewVendorKey = z.output<typeof NewVendorKey>;

export const VendorKeyList = z.object({ items: z.array(VendorKeyView) }).meta({ id: 'VendorKeyList' });
export const AccessKeyId = z.string().regex(/^AKIA[A-Z2-7]{16}$/, 'must be an access key id');
