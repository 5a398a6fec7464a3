/** RegisterUsage: software on a machine asks, as it starts, whether it may run, and gets the answer signed. */
import { createPrivateKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SignJWT } from 'jose';
import { DataSource } from 'typeorm';
import { Clock } from '#platform/clock.ts';
import { open } from '#platform/seal.ts';
import type { ProductKey } from '#tables/api/product-key.ts';
import { UsageRegistration } from '#tables/metering/usage-registration.ts';
import { MeteringConfig } from '../../config.ts';
import { Core } from '../../core.ts';
import { Facts } from '../../facts.ts';
import type { InstanceSigner, Signer } from '../signers.ts';
import { WireError } from '../wire.errors.ts';
import { read } from '../wire.schema.ts';
import { RegisterUsageInput } from './entitlements.schema.ts';
import { noSuchProduct, type Operation } from './operation.ts';

export interface Registered {
  /** A JWT, PS256, with the claims that shipped software reads. */
  Signature: string;
  /** Epoch seconds; only when there is a newer key version. */
  PublicKeyRotationTimestamp?: number;
}

@Injectable()
export class RegisterUsage implements Operation {
  constructor(
    private readonly db: DataSource,
    private readonly core: Core,
    private readonly facts: Facts,
    private readonly clock: Clock,
    private readonly config: MeteringConfig,
  ) {}

  async answer(signer: Signer, body: unknown): Promise<Registered> {
    const { ProductCode, PublicKeyVersion, Nonce } = read(RegisterUsageInput, body);
    if (signer.kind !== 'instance')
      throw new WireError('PlatformNotSupportedException', 'RegisterUsage is called by a machine with its own session.');
    const product = await this.facts.product(ProductCode);
    if (product?.id !== signer.productId) throw noSuchProduct();
    const key = await this.core.productKey(product.id, PublicKeyVersion);
    if (!key)
      throw new WireError('InvalidPublicKeyVersionException', `This product has no public key of version ${PublicKeyVersion}.`);
    await this.register(signer);
    return {
      Signature: await this.sign(key, { productCode: ProductCode, publicKeyVersion: key.version, nonce: Nonce }),
      ...(key.rotatedAt && { PublicKeyRotationTimestamp: key.rotatedAt.getTime() / 1000 }),
    };
  }

  /**
   * Only the first registration of a machine asks for a subscription: software that runs is not stopped by this call.
   * @throws WireError InvalidRegionException, CustomerNotEntitledException
   */
  private async register({ subscriptionId, instanceId, region }: InstanceSigner & { region: string }): Promise<void> {
    const [instance, isRegistered] = await Promise.all([
      this.facts.instance(instanceId),
      this.db.manager.existsBy(UsageRegistration, { subscriptionId, instanceId }),
    ]);
    if (instance && instance.region !== region)
      throw new WireError('InvalidRegionException', `This machine runs in ${instance.region}; sign requests for that region.`);
    if (isRegistered) return;
    const now = this.clock.now();
    const subscription = await this.core.subscription(subscriptionId);
    if (!instance || !subscription || (subscription.endedAt && subscription.endedAt <= now))
      throw new WireError('CustomerNotEntitledException', 'There is no running subscription for this machine.');
    const row: UsageRegistration = { subscriptionId, instanceId, registeredAt: now };
    await this.db.manager.createQueryBuilder().insert().into(UsageRegistration).values(row).orIgnore().execute();
  }

  /** A nonce that was not sent is left out. Issued in real time, which is the one that software compares it with. */
  private sign(
    { productId, version, privateKeySealed }: ProductKey,
    claims: { productCode: string; publicKeyVersion: number; nonce: string | undefined },
  ): Promise<string> {
    const pem = open(this.config.SECRETS_KEY, `product_key:${productId}:${version}`, privateKeySealed);
    return new SignJWT(claims).setProtectedHeader({ alg: 'PS256', typ: 'JWT' }).setIssuedAt().sign(createPrivateKey(pem));
  }
}
