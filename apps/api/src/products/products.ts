/** What a vendor sells, made here together with its first key. */
import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { assertSame, idFor } from '#platform/idempotency.ts';
import { Listing } from '#tables/api/listing.ts';
import { Product } from '#tables/api/product.ts';
import { ownProduct } from './own-product.ts';
import { ProductKeys } from './product-keys.ts';
import type { NewProduct, ProductView } from './products.schema.ts';

const CODE_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const CODE_LENGTH = 25;

@Injectable()
export class Products {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly keys: ProductKeys,
  ) {}

  /** @throws DomainError `idempotency_mismatch` */
  async create(caller: Caller, { name }: NewProduct, key?: string): Promise<ProductView> {
    const id = idFor(caller.organizationId, 'product', key);
    const product = { id, vendorId: caller.organizationId, productCode: newProductCode(), name, createdAt: this.clock.now() };
    await this.db.manager.createQueryBuilder().insert().into(Product).values(product).orIgnore().execute();
    const stored = await this.db.manager.findOneByOrFail(Product, { id });
    assertSame({ ...stored }, { name });
    await this.keys.makeFirst(id);
    return view(stored, null);
  }

  async list(caller: Caller): Promise<ProductView[]> {
    const products = await this.db.manager.find(Product, {
      where: { vendorId: caller.organizationId },
      order: { createdAt: 'asc' },
    });
    const listings = await this.db.manager.findBy(Listing, { productId: In(products.map((product) => product.id)) });
    return products.map((product) => view(product, listings.find((listing) => listing.productId === product.id) ?? null));
  }

  async get(caller: Caller, id: string): Promise<ProductView> {
    const product = await ownProduct(this.db.manager, caller, id);
    return view(product, await this.db.manager.findOneBy(Listing, { productId: id }));
  }
}

const newProductCode = (): string =>
  Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('');

const view = (product: Product, listing: Listing | null): ProductView => ({
  id: product.id,
  productCode: product.productCode,
  name: product.name,
  state: listing?.state ?? 'draft',
  createdAt: product.createdAt.toISOString(),
});
