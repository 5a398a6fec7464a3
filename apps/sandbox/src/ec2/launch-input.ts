/** What RunInstances accepts. */
import { z } from 'zod';
import { blockDeviceMappings } from './block-devices.ts';
import { clientToken, flag, integer, tagSpecifications, text } from './input.ts';
import { placementInput } from './placement.ts';
import { marketOptions } from './spot.ts';

export const launchInput = {
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

export type LaunchInput = z.output<z.ZodObject<typeof launchInput, z.core.$strict>>;
