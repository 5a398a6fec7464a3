/** Shapes of product keys: public parts only. */
import { z } from 'zod';

export const ProductKeyView = z
  .object({
    version: z.int().min(1).describe('PublicKeyVersion of RegisterUsage'),
    publicKeyPem: z
      .string()
      .describe('RSA public key in PEM; put it into the software that verifies what RegisterUsage signs (PS256)'),
    createdAt: z.iso.datetime(),
    rotatedAt: z.iso.datetime().nullable().describe('when a newer version took its place; it still signs'),
  })
  .meta({ id: 'ProductKey' });
export type ProductKeyView = z.output<typeof ProductKeyView>;

export const ProductKeyList = z.object({ items: z.array(ProductKeyView) }).meta({ id: 'ProductKeyList' });
