/** Shapes of products. */
import { z } from 'zod';

export const NewProduct = z.object({ name: z.string().trim().min(2).max(80) }).meta({ id: 'NewProduct' });
export type NewProduct = z.output<typeof NewProduct>;

export const ProductView = z
  .object({
    id: z.uuid(),
    productCode: z.string().describe('names the product on the metering wire'),
    name: z.string(),
    state: z.enum(['draft', 'public', 'restricted']),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Product' });
export type ProductView = z.output<typeof ProductView>;

export const ProductList = z.object({ items: z.array(ProductView) }).meta({ id: 'ProductList' });
export const Id = z.uuid();
