/** The RSA keys of a product, with which metering signs that a machine may run it: made with the product, and rotated. */
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import type { Caller } from '#platform/auth.ts';
import { Clock } from '#platform/clock.ts';
import { seal } from '#platform/seal.ts';
import { ProductKey } from '#tables/api/product-key.ts';
import { Product } from '#tables/api/product.ts';
import { ApiConfig } from '../config.ts';
import { ownProduct } from './own-product.ts';
import type { ProductKeyView } from './product-keys.schema.ts';

const MODULUS_BITS = 2048;

interface KeyPair {
  publicKey: string;
  privateKey: string;
}

@Injectable()
export class ProductKeys {
  constructor(
    private readonly db: DataSource,
    private readonly config: ApiConfig,
    private readonly clock: Clock,
  ) {}

  /** All versions, the newest last. @throws DomainError `missing` */
  async list(caller: Caller, productId: string): Promise<ProductKeyView[]> {
    await ownProduct(this.db.manager, caller, productId);
    await this.makeFirst(productId);
    const keys = await this.db.manager.find(ProductKey, { where: { productId }, order: { version: 'asc' } });
    return keys.map(view);
  }

  /** Makes the next version. @throws DomainError `missing` */
  async rotate(caller: Caller, productId: string): Promise<ProductKeyView> {
    await ownProduct(this.db.manager, caller, productId);
    await this.makeFirst(productId);
    const pair = await newPair();
    return this.db.transaction(async (tx) => {
      // Two rotations at once take turns here; otherwise both would make the same version.
      await tx.findOne(Product, { where: { id: productId }, lock: { mode: 'pessimistic_write' } });
      const newest = await tx.findOneByOrFail(ProductKey, { productId, rotatedAt: IsNull() });
      const key = this.sealed(productId, newest.version + 1, pair);
      await tx.update(ProductKey, { productId, rotatedAt: IsNull() }, { rotatedAt: key.createdAt });
      await tx.insert(ProductKey, key);
      return view(key);
    });
  }

  /** Version 1, when there is none yet. Asked twice at once, one of the two pairs stays. */
  async makeFirst(productId: string): Promise<void> {
    if (await this.db.manager.existsBy(ProductKey, { productId })) return;
    const key = this.sealed(productId, 1, await newPair());
    await this.db.manager.createQueryBuilder().insert().into(ProductKey).values(key).orIgnore().execute();
  }

  private sealed(productId: string, version: number, { publicKey, privateKey }: KeyPair): ProductKey {
    return {
      productId,
      version,
      publicKeyPem: publicKey,
      privateKeySealed: seal(this.config.SECRETS_KEY, `product_key:${productId}:${version}`, privateKey),
      createdAt: this.clock.now(),
      rotatedAt: null,
    };
  }
}

/** Takes a tenth of a second or more, on a thread of its own. */
const newPair = (): Promise<KeyPair> =>
  promisify(generateKeyPair)('rsa', {
    modulusLength: MODULUS_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

const view = ({ version, publicKeyPem, createdAt, rotatedAt }: ProductKey): ProductKeyView => ({
  version,
  publicKeyPem,
  createdAt: createdAt.toISOString(),
  rotatedAt: rotatedAt?.toISOString() ?? null,
});
