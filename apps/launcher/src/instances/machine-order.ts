/** One machine as RunInstances is asked for it, from its order: what follows from the product, and what its buyer chose. */
import { Injectable } from '@nestjs/common';
import { firewallOf } from '#domain/firewall.ts';
import { portOf } from '#domain/fleet.ts';
import { renderUserData } from '#domain/user-data.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import { LauncherConfig } from '../config.ts';
import type { Tags } from '../ec2/clients.ts';
import { Ec2Groups } from '../ec2/groups.ts';
import type { MachineOrder } from '../ec2/machines.ts';
import { Ec2Placement } from '../ec2/placement.ts';
import type { Order } from './order.ts';

@Injectable()
export class MachineOrders {
  constructor(
    private readonly groups: Ec2Groups,
    private readonly placement: Ec2Placement,
    private readonly config: LauncherConfig,
  ) {}

  /**
   * Makes what the machine needs beside it (a security group, a placement group) and says what to ask RunInstances for.
   * @param zone where it has to be; null: wherever EC2 puts it.
   * @throws Ec2Error; DomainError `invalid_user_data`.
   */
  async of(instance: Instance, order: Order, amiId: string, zone: string | null): Promise<MachineOrder> {
    const { place, version, product, options } = order;
    const rules = firewallOf(portOf(version.urlTemplate), version.ports, options.sshFrom);
    return {
      token: instance.id,
      imageId: amiId,
      instanceType: order.instanceType,
      securityGroupId: await this.groups.groupWith(place, rules, options.subnetId),
      zone,
      subnetId: options.subnetId,
      keyName: options.keyName,
      isSpot: options.market === 'spot',
      placementGroup: await this.placementGroup(instance, order),
      userData: renderUserData(version.userDataTemplate, options.userDataValues, {
        launchId: instance.launchId ?? instance.fleetId,
        productCode: product.productCode,
        meteringUrl: this.config.METERING_PUBLIC_URL,
      }),
      tags: tagsOf(instance, order),
    };
  }

  /** Machines of one fleet, or of one buyer and product, are kept apart from each other. */
  private async placementGroup(instance: Instance, { place, options }: Order): Promise<string | null> {
    if (options.placement === 'none') return null;
    const name = `slipway-${options.placement}-${instance.fleetId ?? instance.subscriptionId}`;
    return this.placement.groupFor(place, name, options.placement, { 'slipway:subscription': instance.subscriptionId });
  }
}

/** The buyer's own for cost allocation, a name unless the buyer gave one, and by which we find what is ours. */
export const tagsOf = (instance: Instance, { product, version, options }: Order): Tags => ({
  Name: options.name ?? `${product.name} ${version.title}`,
  ...options.tags,
  'slipway:launch': instance.launchId ?? instance.fleetId!,
  'slipway:instance': instance.id,
  'slipway:subscription': instance.subscriptionId,
  'slipway:product': product.id,
});
