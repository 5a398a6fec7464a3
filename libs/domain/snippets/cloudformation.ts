/**
 * A launch as a CloudFormation template (AWS CloudFormation template reference, "Amazon EC2"). Plain objects: ./yaml.ts or JSON makes text of
 * them. Functions are written in their long form, so that any parser reads the YAML.
 */
import { GROUP_DESCRIPTION, PARTITIONS, volumeTags, type SnippetOrder } from './order.ts';
import type { Data } from './yaml.ts';

const ref = (name: string): Data => ({ Ref: name });
const attribute = (resource: string, name: string): Data => ({ 'Fn::GetAtt': [resource, name] });
const tagList = (tags: Readonly<Record<string, string>>): Data => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export function cloudFormation(order: SnippetOrder): Data {
  const volumes = order.dataVolumes.map((volume, at) => ({ ...volume, id: `Volume${at + 1}` }));
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `${order.name}, launched from Slipway`.slice(0, 200),
    ...parametersOf(order),
    Rules: {
      Region: {
        Assertions: [
          {
            Assert: { 'Fn::Equals': [ref('AWS::Region'), order.region] },
            AssertDescription: `The image is in ${order.region}: create the stack there.`,
          },
        ],
      },
    },
    Resources: {
      Firewall: firewall(order),
      ...placementGroup(order),
      ...market(order),
      Machine: machine(order),
      ...Object.fromEntries(
        volumes.flatMap((volume) => [
          [volume.id, disk(order, volume)],
          [`${volume.id}Attachment`, attachment(volume)],
        ]),
      ),
    },
    Outputs: {
      Url: { Description: 'Where the appliance answers, once it is up', Value: url(order) },
      InstanceId: { Description: 'The machine', Value: ref('Machine') },
    },
  };
}

/** A group has to be in the network of the machine's subnet, which only whoever makes the stack can tell. */
const parametersOf = ({ subnetId }: SnippetOrder): Record<string, Data> =>
  subnetId === null
    ? {}
    : { Parameters: { Network: { Type: 'AWS::EC2::VPC::Id', Description: `The VPC that ${subnetId} is in` } } };

const firewall = ({ subnetId, firewall: rules, tags }: SnippetOrder): Data => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: {
    GroupDescription: GROUP_DESCRIPTION,
    ...(subnetId === null ? {} : { VpcId: ref('Network') }),
    SecurityGroupIngress: rules.map(({ protocol, port, from }) => ({
      IpProtocol: protocol,
      FromPort: port,
      ToPort: port,
      CidrIp: from,
    })),
    Tags: tagList(tags),
  },
});

const placementGroup = ({ placement }: SnippetOrder): Record<string, Data> =>
  placement === 'none'
    ? {}
    : {
        Placement: {
          Type: 'AWS::EC2::PlacementGroup',
          Properties: {
            Strategy: placement,
            ...(placement === 'partition' ? { PartitionCount: PARTITIONS } : { SpreadLevel: 'rack' }),
          },
        },
      };

/** CloudFormation takes the market of a machine in a launch template alone. */
const market = ({ isSpot }: SnippetOrder): Record<string, Data> =>
  isSpot
    ? {
        Market: {
          Type: 'AWS::EC2::LaunchTemplate',
          Properties: { LaunchTemplateData: { InstanceMarketOptions: { MarketType: 'spot' } } },
        },
      }
    : {};

const machine = (order: SnippetOrder): Data => ({
  Type: 'AWS::EC2::Instance',
  Properties: {
    ImageId: order.imageId,
    InstanceType: order.instanceType,
    ...(order.zone === null ? {} : { AvailabilityZone: order.zone }),
    ...(order.keyName === null ? {} : { KeyName: order.keyName }),
    ...(order.subnetId === null ? {} : { SubnetId: order.subnetId }),
    ...(order.placement === 'none' ? {} : { PlacementGroupName: ref('Placement') }),
    ...(order.isSpot
      ? { LaunchTemplate: { LaunchTemplateId: ref('Market'), Version: attribute('Market', 'LatestVersionNumber') } }
      : {}),
    SecurityGroupIds: [attribute('Firewall', 'GroupId')],
    MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 2 },
    UserData: { 'Fn::Base64': order.userData },
    PropagateTagsToVolumeOnCreation: true,
    Tags: tagList(order.tags),
  },
});

/** Data outlives the stack, as a snapshot. */
const disk = (order: SnippetOrder, { name, sizeGib, type }: SnippetOrder['dataVolumes'][number]): Data => ({
  Type: 'AWS::EC2::Volume',
  DeletionPolicy: 'Snapshot',
  UpdateReplacePolicy: 'Snapshot',
  Properties: {
    AvailabilityZone: attribute('Machine', 'AvailabilityZone'),
    Size: sizeGib,
    VolumeType: type,
    Tags: tagList(volumeTags(order, name)),
  },
});

const attachment = ({ id, device }: { id: string; device: string }): Data => ({
  Type: 'AWS::EC2::VolumeAttachment',
  Properties: { Device: device, InstanceId: ref('Machine'), VolumeId: ref(id) },
});

function url({ urlTemplate }: SnippetOrder): Data {
  const [before = '', ...after] = urlTemplate.split('{address}');
  return { 'Fn::Join': ['', [before, ...after.flatMap((text) => [attribute('Machine', 'PublicIp'), text])]] };
}
