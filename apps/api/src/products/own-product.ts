/** Whose a product is: asked by everything that changes one. */
import type { EntityManager } from 'typeorm';
import { missing } from '#domain/errors.ts';
import type { Caller } from '#platform/auth.ts';
import { Product } from '#tables/api/product.ts';

/** The caller's product. @throws DomainError `missing`, also when it is another vendor's. */
export async function ownProduct(tx: EntityManager, caller: Caller, id: string): Promise<Product> {
  const product = await tx.findOneBy(Product, { id, vendorId: caller.organizationId });
  if (!product) throw missing('product');
  return product;
}
