/**
 * What one machine is launched with, and what is wanted of it now. Loaded from the wish it serves, so that whoever works on a
 * machine need not know whether it is a launch's or a fleet's. Reads api's launch, subscription, product and version, launcher.image
 * and billing.standing.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Situation } from '#domain/fleet.ts';
import { Launch, type DesiredState, type Placement } from '#tables/api/launch.ts';
import { Product } from '#tables/api/product.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { Standing } from '#tables/billing/standing.ts';
import { Image } from '#tables/launcher/image.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import type { Place } from '../ec2/place.ts';

export interface Order {
  subscription: Subscription;
  product: Product;
  version: Version;
  /** The version's image in the machine's region; null before it is planned. */
  image: Image | null;
  standing: Situation['standing'];
  place: Place;
  /** Where it has to be; null: wherever EC2 puts it. */
  zone: string | null;
  instanceType: string;
  options: MachineOptions;
  desired: DesiredState;
  /** When its buyer last asked for a reboot. */
  rebootAt: Date | null;
  /** When its buyer last said what is desired. */
  desiredAt: Date;
}

/** What its buyer chose. */
export interface MachineOptions {
  keyName: string | null;
  subnetId: string | null;
  /** Whence SSH is open, a CIDR; null: from nowhere. */
  sshFrom: string | null;
  placement: Placement;
  tags: Record<string, string>;
  userDataValues: Record<string, string>;
}

type Wish = Pick<Order, 'zone' | 'options' | 'rebootAt' | 'desiredAt'>;

@Injectable()
export class Orders {
  constructor(private readonly db: DataSource) {}

  /** @returns null when the wish is not there. */
  async of(instance: Instance): Promise<Order | null> {
    const wish = await this.wishOf(instance);
    if (!wish) return null;
    const db = this.db.manager;
    const { versionId, region } = instance;
    const [subscription, product, version, image, standing] = await Promise.all([
      db.findOneByOrFail(Subscription, { id: instance.subscriptionId }),
      db.findOneByOrFail(Product, { id: instance.productId }),
      db.findOneByOrFail(Version, { id: versionId }),
      db.findOneBy(Image, { versionId, region }),
      db.findOneBy(Standing, { buyerId: instance.buyerId }),
    ]);
    return {
      ...wish,
      subscription,
      product,
      version,
      image,
      standing: standing?.state ?? 'good',
      place: { region, connection: null },
      instanceType: instance.instanceType,
      desired: instance.desired,
    };
  }

  private async wishOf({ launchId }: Instance): Promise<Wish | null> {
    const launch = launchId && (await this.db.manager.findOneBy(Launch, { id: launchId }));
    return launch ? wishOfLaunch(launch) : null;
  }
}

const wishOfLaunch = (launch: Launch): Wish => ({
  zone: launch.zone,
  options: {
    keyName: launch.keyName,
    subnetId: launch.subnetId,
    sshFrom: launch.sshFrom,
    placement: launch.placement,
    tags: launch.tags,
    userDataValues: launch.userData,
  },
  rebootAt: launch.rebootAt,
  desiredAt: launch.desiredAt,
});
