/**
 * What one machine is launched with, and what is wanted of it now. Loaded from the wish it serves, so that whoever works on a
 * machine need not know whether it is a launch's or a fleet's. Reads api's launch, fleet, subscription, product and version, launcher.image
 * and billing.standing.
 */
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Situation } from '#domain/fleet.ts';
import { Fleet } from '#tables/api/fleet.ts';
import { Launch, type DesiredState, type Placement } from '#tables/api/launch.ts';
import { Product } from '#tables/api/product.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { Standing } from '#tables/billing/standing.ts';
import { ImageShare } from '#tables/launcher/image-share.ts';
import { Image } from '#tables/launcher/image.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import { Places } from '../connections/places.ts';
import type { Place } from '../ec2/place.ts';

export interface Order {
  subscription: Subscription;
  product: Product;
  version: Version;
  /** The version's image in the machine's region; null before it is planned. */
  image: Image | null;
  /** Whether the account that the machine is to be in may launch the image. */
  imageShared: boolean;
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
  /** What its buyer calls it. */
  name: string | null;
  keyName: string | null;
  subnetId: string | null;
  /** Whence SSH is open, a CIDR; null: from nowhere. */
  sshFrom: string | null;
  placement: Placement;
  market: 'on-demand' | 'spot';
  tags: Record<string, string>;
  userDataValues: Record<string, string>;
}

type Wish = Pick<Order, 'zone' | 'options' | 'rebootAt' | 'desiredAt'>;

@Injectable()
export class Orders {
  constructor(
    private readonly db: DataSource,
    private readonly places: Places,
  ) {}

  /**
   * @returns null when the wish is not there.
   * @throws Ec2Error `denied` when the machine's account is no longer connected.
   */
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
    const place = await this.places.of(instance);
    return {
      ...wish,
      subscription,
      product,
      version,
      image,
      imageShared: await this.isShared(image, place),
      standing: standing?.state ?? 'good',
      place,
      instanceType: instance.instanceType,
      desired: instance.desired,
    };
  }

  /** Nobody has to share an image with its owner. */
  private async isShared(image: Image | null, { connection }: Place): Promise<boolean> {
    if (!connection) return true;
    return (
      image !== null &&
      this.db.manager.existsBy(ImageShare, { imageId: image.id, accountId: connection.accountId, state: 'shared' })
    );
  }

  private async wishOf(instance: Instance): Promise<Wish | null> {
    const { launchId, fleetId } = instance;
    if (instance.origin === 'outside') return { ...NOTHING_CHOSEN, rebootAt: null, desiredAt: instance.createdAt };
    const launch = launchId && (await this.db.manager.findOneBy(Launch, { id: launchId }));
    if (launch) return { ...chosenOf(launch), rebootAt: launch.rebootAt, desiredAt: launch.desiredAt };
    const fleet = fleetId && (await this.db.manager.findOneBy(Fleet, { id: fleetId }));
    return fleet ? { ...chosenOf(fleet), rebootAt: null, desiredAt: instance.drainingAt ?? instance.createdAt } : null;
  }
}

/** Whoever starts a machine with other tools has chosen there. */
const NOTHING_CHOSEN: Pick<Wish, 'zone' | 'options'> = {
  zone: null,
  options: {
    name: null,
    keyName: null,
    subnetId: null,
    sshFrom: null,
    placement: 'none',
    market: 'on-demand',
    tags: {},
    userDataValues: {},
  },
};

const chosenOf = (wish: Launch | Fleet): Pick<Wish, 'zone' | 'options'> => ({
  zone: wish.zone,
  options: {
    name: wish.name,
    keyName: wish.keyName,
    subnetId: wish.subnetId,
    sshFrom: wish.sshFrom,
    placement: wish.placement,
    market: wish.market,
    tags: wish.tags,
    userDataValues: wish.userData,
  },
});
