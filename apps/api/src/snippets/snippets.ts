/**
 * A launch as CloudFormation, Terraform or AWS CLI, for buyers who run machines with tools of their own in their own AWS account. What
 * is launched so is found there by its image, and metered as any other machine.
 */
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, missing } from '#domain/errors.ts';
import { firewallOf } from '#domain/firewall.ts';
import { portOf } from '#domain/fleet.ts';
import type { SnippetOrder } from '#domain/snippets/order.ts';
import { snippetOf } from '#domain/snippets/snippet.ts';
import { renderUserData } from '#domain/user-data.ts';
import type { Caller } from '#platform/auth.ts';
import { Product } from '#tables/api/product.ts';
import { Subscription } from '#tables/api/subscription.ts';
import type { Version } from '#tables/api/version.ts';
import { Image } from '#tables/launcher/image.ts';
import { ApiConfig } from '../config.ts';
import { launchableVersion } from '../launches/launches.ts';
import type { NewSnippet, SnippetView } from './snippets.schema.ts';

@Injectable()
export class Snippets {
  constructor(
    private readonly db: DataSource,
    private readonly config: ApiConfig,
  ) {}

  /**
   * @throws DomainError `missing` for a foreign subscription; whatever a launch with the same options is refused with, but
   *   `subnet_needs_own_account`: a snippet is run in an account of the buyer's own.
   */
  async write(caller: Caller, { format, ...given }: NewSnippet): Promise<SnippetView> {
    return this.db.transaction(async (tx) => {
      const subscription = await tx.findOneBy(Subscription, { id: given.subscriptionId, buyerId: caller.organizationId });
      if (!subscription) throw missing('subscription');
      const version = await launchableVersion(tx, caller, subscription, { ...given, subnetId: null });
      const order = await this.orderOf(tx, subscription, version, given);
      return { format, ...snippetOf(format, order), region: order.region, imageId: order.imageId };
    });
  }

  private async orderOf(
    tx: EntityManager,
    subscription: Subscription,
    version: Version,
    given: Omit<NewSnippet, 'format'>,
  ): Promise<SnippetOrder> {
    const product = await tx.findOneByOrFail(Product, { id: version.productId });
    const name = `${product.name} ${version.title}`;
    const slipway = { productCode: product.productCode, meteringUrl: this.config.METERING_PUBLIC_URL };
    return {
      name,
      region: given.region,
      zone: given.zone,
      imageId: await imageIn(tx, version, given.region),
      instanceType: given.instanceType,
      keyName: given.keyName,
      subnetId: given.subnetId,
      firewall: firewallOf(portOf(version.urlTemplate), version.ports, given.sshFrom),
      placement: given.placement,
      isSpot: given.market === 'spot',
      tags: {
        Name: given.name ?? name,
        ...given.tags,
        'slipway:subscription': subscription.id,
        'slipway:product': product.id,
      },
      userData: renderUserData(version.userDataTemplate, given.userData, slipway),
      dataVolumes: version.dataVolumes,
      urlTemplate: version.urlTemplate,
    };
  }
}

/** @throws DomainError `image_not_ready` */
async function imageIn(tx: EntityManager, version: Version, region: string): Promise<string> {
  const image = await tx.findOneBy(Image, { versionId: version.id, region, state: 'ready' });
  if (image?.amiId) return image.amiId;
  throw new DomainError(
    'conflict',
    'image_not_ready',
    `The image of ${version.title} is not ready in ${region}; try again later.`,
  );
}
