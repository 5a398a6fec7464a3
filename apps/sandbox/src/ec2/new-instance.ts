/** An instance as a launch makes it. */
import { nextPublicAddress } from './addresses.ts';
import type { Call } from './call.ts';
import type { Image } from './image-state.ts';
import type { Instance, MetadataOptions } from './instance-state.ts';
import type { LaunchInput } from './launch-input.ts';
import { privateAddress, type Subnet } from './network.ts';
import type { Membership } from './placement.ts';
import { spotFor } from './spot.ts';
import { newId } from './world.ts';

export interface Plan {
  asked: LaunchInput;
  image: Image;
  subnet: Subnet;
  groupIds: string[];
  metadata: MetadataOptions;
  publicKey: string | undefined;
  membership: Membership | undefined;
  reservationId: string;
  launchIndex: number;
}

/** One instance of a launch, on its way up. It has yet to be saved, and to get its volumes. */
export function newInstance({ world, accountId, region, now }: Call, { asked, image, subnet, ...plan }: Plan): Instance {
  const number = world.store.next('instance');
  const wantsPublicIp = asked.NetworkInterface?.[0]?.AssociatePublicIpAddress ?? true;
  return {
    number,
    instanceId: newId('i'),
    reservationId: plan.reservationId,
    accountId,
    region,
    zone: subnet.zone.name,
    imageId: image.imageId,
    instanceType: asked.InstanceType,
    architecture: image.architecture,
    clientToken: asked.ClientToken,
    launchIndex: plan.launchIndex,
    keyName: asked.KeyName,
    publicKey: plan.publicKey,
    membership: plan.membership,
    spot: spotFor(asked.InstanceMarketOptions),
    userData: asked.UserData,
    profile: asked.IamInstanceProfile && { arn: asked.IamInstanceProfile.Arn, name: asked.IamInstanceProfile.Name },
    subnetId: subnet.subnetId,
    vpcId: subnet.vpcId,
    groupIds: plan.groupIds,
    privateIp: privateAddress(subnet, number),
    publicIp: wantsPublicIp ? nextPublicAddress(world) : undefined,
    wantsPublicIp,
    metadata: plan.metadata,
    monitored: asked.Monitoring?.Enabled ?? false,
    ebsOptimized: asked.EbsOptimized ?? false,
    protectedFromTermination: asked.DisableApiTermination ?? false,
    shutdownBehavior: asked.InstanceInitiatedShutdownBehavior,
    rootDeviceName: image.rootDeviceName,
    boots: image.boots,
    software: image.software,
    launchedAt: now.getTime(),
    goal: { state: 'running', setAt: now.getTime(), takesMs: world.bootMs, note: '' },
  };
}
