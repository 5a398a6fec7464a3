/** RunInstances: checks all that EC2 checks, then makes the instances under one reservation. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { nextPublicAddress } from './addresses.ts';
import { blockDeviceMappings, devicesFor, volumesFor } from './block-devices.ts';
import { action, clientToken, once, type Actions, type Call } from './call.ts';
import { imageNamed, imageState, type Image } from './image-state.ts';
import { flag, integer, invalidValue, tagSpecifications, text } from './input.ts';
import type { Instance, MetadataOptions } from './instance-state.ts';
import { instanceTypeNamed } from './instance-types.ts';
import { keyPairNamed } from './key-pairs.ts';
import { privateAddress, subnetNamed, subnetsOf, type Subnet } from './network.ts';
import {
  groupIsFull,
  memberships,
  placementGroupFor,
  placementInput,
  roomInGroup,
  type Membership,
  type PlacementInput,
} from './placement.ts';
import type { PlacementGroup } from './placement-group-state.ts';
import { zoneNamed, zonesOf, type Zone } from './regions.ts';
import { groupNamed } from './security-group-state.ts';
import { marketOptions, spotFor } from './spot.ts';
import { addTags, specifiedTags } from './tags.ts';
import { newId } from './world.ts';
import { writtenReservation } from './written-instance.ts';

const input = {
  ImageId: text,
  InstanceType: text.default('m1.small'),
  MinCount: integer,
  MaxCount: integer,
  ClientToken: clientToken,
  KeyName: text.optional(),
  UserData: text.optional(),
  SubnetId: text.optional(),
  SecurityGroupId: z.array(text).default([]),
  SecurityGroup: z.array(text).default([]),
  NetworkInterface: z
    .array(
      z.strictObject({
        DeviceIndex: integer,
        SubnetId: text.optional(),
        SecurityGroupId: z.array(text).default([]),
        AssociatePublicIpAddress: flag.optional(),
        DeleteOnTermination: flag.optional(),
      }),
    )
    .max(1, 'the sandbox gives an instance one network interface')
    .optional(),
  Placement: placementInput,
  InstanceMarketOptions: marketOptions,
  TagSpecification: tagSpecifications,
  MetadataOptions: z
    .strictObject({
      HttpTokens: z.enum(['optional', 'required']).optional(),
      HttpEndpoint: z.enum(['enabled', 'disabled']).optional(),
      HttpPutResponseHopLimit: integer.optional(),
      InstanceMetadataTags: z.enum(['enabled', 'disabled']).optional(),
    })
    .default({}),
  IamInstanceProfile: z.strictObject({ Arn: text.optional(), Name: text.optional() }).optional(),
  Monitoring: z.strictObject({ Enabled: flag }).optional(),
  EbsOptimized: flag.optional(),
  DisableApiTermination: flag.optional(),
  InstanceInitiatedShutdownBehavior: z.enum(['stop', 'terminate']).default('stop'),
  BlockDeviceMapping: blockDeviceMappings,
};
type Input = z.output<z.ZodObject<typeof input, z.core.$strict>>;

export const runInstancesAction: Actions = {
  RunInstances: action(input, (call, asked, parameters) => {
    const ids = once(call, 'RunInstances', parameters, () => launch(call, asked));
    const made = ids.map((id) => call.world.instances.get(id)).filter((instance) => instance !== undefined);
    return writtenReservation(call, made);
  }),
};

function launch(call: Call, asked: Input): string[] {
  checkCounts(asked);
  checkUserData(asked.UserData);
  const image = launchable(call, asked);
  const subnet = subnetFor(call, asked);
  const groupIds = groupsFor(call, asked);
  const metadata = metadataFor(image, asked);
  const devices = devicesFor(call, image, asked.BlockDeviceMapping);
  const tags = specifiedTags(asked.TagSpecification, ['instance', 'volume', 'network-interface', 'spot-instances-request']);

  const publicKey = asked.KeyName === undefined ? undefined : keyPairNamed(call, asked.KeyName).publicKey;
  const group = placementGroupFor(call, asked.Placement);

  const reservationId = newId('r');
  const count = countFor(call, asked, { group, zone: subnet.zone.name });
  const made = memberships(call, group, asked.Placement, count).map((membership, launchIndex) =>
    instanceOf(call, { asked, image, subnet, groupIds, metadata, publicKey, membership, reservationId, launchIndex }),
  );
  for (const instance of made) {
    call.world.instances.set(instance.instanceId, instance);
    addTags(call, instance.instanceId, tags.instance ?? {});
    for (const volumeId of volumesFor(call, instance, devices)) addTags(call, volumeId, tags.volume ?? {});
  }
  return made.map((instance) => instance.instanceId);
}

function checkCounts({ MinCount, MaxCount }: Input): void {
  if (MinCount < 1) throw invalidValue('minCount', MinCount, 'Minimum value of 1 is expected.');
  if (MaxCount < MinCount)
    throw new VendorError('InvalidParameterValue', 'Maximum value of instances must not be less than the minimum.');
  if (MaxCount > 100)
    throw new VendorError(
      'InstanceLimitExceeded',
      `You have requested more instances (${MaxCount}) than your current instance limit of 100 allows.`,
    );
}

/** As many as there is room for, if that is as many as must be. */
function countFor(
  call: Call,
  { MinCount, MaxCount }: Input,
  { group, zone }: { group: PlacementGroup | undefined; zone: string },
): number {
  const room = roomInGroup(call, group, zone);
  if (group && room < MinCount) throw groupIsFull(group, zone);
  return Math.min(MaxCount, room);
}

/** At most 16 KB before it is encoded (EC2 User Guide, "Run commands when you launch an instance"). */
function checkUserData(userData: string | undefined): void {
  if (userData === undefined) return;
  const plain = Buffer.from(userData, 'base64');
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(userData))
    throw new VendorError('InvalidParameterValue', 'Invalid BASE64 encoding of user data.');
  if (plain.length > 16_384) throw new VendorError('InvalidParameterValue', 'User data is limited to 16384 bytes');
}

/** The image, if it can run as that type now. */
function launchable(call: Call, asked: Input): Image {
  const image = imageNamed(call, asked.ImageId);
  if (imageState(image, call.now) !== 'available') {
    throw new VendorError('InvalidAMIID.Unavailable', `The image ID '${image.imageId}' is not available`);
  }
  const type = instanceTypeNamed(asked.InstanceType);
  if (type.architecture !== image.architecture) {
    throw new VendorError(
      'InvalidParameterValue',
      `The architecture '${type.architecture}' of the specified instance type does not match the architecture '${image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`,
    );
  }
  return image;
}

function subnetFor(call: Call, asked: Input): Subnet {
  const [network] = asked.NetworkInterface ?? [];
  if (network && (asked.SubnetId || asked.SecurityGroupId.length > 0)) {
    throw new VendorError(
      'InvalidParameterCombination',
      'Network interfaces and an instance-level subnet ID or security groups may not be specified on the same request',
    );
  }
  const subnetId = asked.SubnetId ?? network?.SubnetId;
  const zone = zoneAsked(call, asked.Placement);
  const subnet = subnetId
    ? subnetNamed(call, subnetId)
    : subnetsOf(call).find((candidate) => !zone || candidate.zone.name === zone.name);
  if (!subnet) throw new VendorError('MissingInput', `No default subnet for availability zone: '${zone?.name ?? ''}'.`);
  if (zone && zone.name !== subnet.zone.name) {
    throw new VendorError(
      'InvalidParameterValue',
      `The availability zone '${zone.name}' does not match that of the subnet '${subnet.subnetId}'`,
    );
  }
  return subnet;
}

function zoneAsked({ region }: Call, { AvailabilityZone: name, AvailabilityZoneId: id }: PlacementInput): Zone | undefined {
  if (name !== undefined) return zoneNamed(region, name);
  if (id === undefined) return undefined;
  const zone = zonesOf(region).find((candidate) => candidate.id === id);
  if (!zone) throw invalidValue('AvailabilityZoneId', id);
  return zone;
}

function groupsFor(call: Call, asked: Input): string[] {
  const byId = [...asked.SecurityGroupId, ...(asked.NetworkInterface?.[0]?.SecurityGroupId ?? [])];
  const groups = [
    ...byId.map((id) => groupNamed(call, { id })),
    ...asked.SecurityGroup.map((name) => groupNamed(call, { name })),
  ];
  return (groups.length > 0 ? groups : [groupNamed(call, { name: 'default' })]).map((group) => group.groupId);
}

/** An image made for IMDSv2 asks for it; without one the sandbox's accounts do, as new AWS accounts can be set to. */
function metadataFor(image: Image, asked: Input): MetadataOptions {
  const { HttpTokens, HttpEndpoint, HttpPutResponseHopLimit: hops, InstanceMetadataTags } = asked.MetadataOptions;
  if (hops !== undefined && (hops < 1 || hops > 64))
    throw invalidValue('HttpPutResponseHopLimit', hops, 'A value from 1 to 64 is expected.');
  return {
    httpTokens: HttpTokens ?? 'required',
    httpEndpoint: HttpEndpoint ?? 'enabled',
    hopLimit: hops ?? (image.imdsSupport ? 2 : 1),
    tags: InstanceMetadataTags ?? 'disabled',
  };
}

interface Plan {
  asked: Input;
  image: Image;
  subnet: Subnet;
  groupIds: string[];
  metadata: MetadataOptions;
  publicKey: string | undefined;
  membership: Membership | undefined;
  reservationId: string;
  launchIndex: number;
}

function instanceOf({ world, accountId, region, now }: Call, { asked, image, subnet, ...plan }: Plan): Instance {
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
    launchedAt: now.getTime(),
    goal: { state: 'running', setAt: now.getTime(), takesMs: world.bootMs, note: '' },
  };
}
