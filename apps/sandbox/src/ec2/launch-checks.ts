/** What EC2 checks of a launch before it makes anything. */
import { VendorError } from '../vendor-error.ts';
import type { Call } from './call.ts';
import { imageNamed, imageState, type Image } from './image-state.ts';
import { invalidValue } from './input.ts';
import type { MetadataOptions } from './instance-state.ts';
import { instanceTypeNamed } from './instance-types.ts';
import type { LaunchInput } from './launch-input.ts';
import { groupNamed } from './security-group-state.ts';

export function checkCounts({ MinCount, MaxCount }: LaunchInput): void {
  if (MinCount < 1) throw invalidValue('minCount', MinCount, 'Minimum value of 1 is expected.');
  if (MaxCount < MinCount)
    throw new VendorError('InvalidParameterValue', 'Maximum value of instances must not be less than the minimum.');
  if (MaxCount > 100)
    throw new VendorError(
      'InstanceLimitExceeded',
      `You have requested more instances (${MaxCount}) than your current instance limit of 100 allows.`,
    );
}

/** At most 16 KB before it is encoded (EC2 User Guide, "Run commands when you launch an instance"). */
export function checkUserData(userData: string | undefined): void {
  if (userData === undefined) return;
  const plain = Buffer.from(userData, 'base64');
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(userData))
    throw new VendorError('InvalidParameterValue', 'Invalid BASE64 encoding of user data.');
  if (plain.length > 16_384) throw new VendorError('InvalidParameterValue', 'User data is limited to 16384 bytes');
}

/** The image, if it can run as that type now. */
export function launchable(call: Call, asked: LaunchInput): Image {
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

export function groupsFor(call: Call, asked: LaunchInput): string[] {
  const byId = [...asked.SecurityGroupId, ...(asked.NetworkInterface?.[0]?.SecurityGroupId ?? [])];
  const groups = [
    ...byId.map((id) => groupNamed(call, { id })),
    ...asked.SecurityGroup.map((name) => groupNamed(call, { name })),
  ];
  return (groups.length > 0 ? groups : [groupNamed(call, { name: 'default' })]).map((group) => group.groupId);
}

/** An image made for IMDSv2 asks for it; without one the sandbox's accounts do, as new AWS accounts can be set to. */
export function metadataFor(image: Image, asked: LaunchInput): MetadataOptions {
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
