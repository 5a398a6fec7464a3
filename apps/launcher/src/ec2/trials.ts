/**
 * Tries whether a buyer's role may do what the launcher needs, by calls that EC2 only pretends to make (DryRun). What a call names
 * is what nothing has, so that not even an EC2 that overlooks DryRun does anything to anybody.
 */
import {
  AttachVolumeCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreatePlacementGroupCommand,
  CreateSecurityGroupCommand,
  CreateSnapshotCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstancesCommand,
  DescribePlacementGroupsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  GetConsoleOutputCommand,
  RebootInstancesCommand,
  RevokeSecurityGroupEgressCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type EC2Client,
  type TagSpecification,
} from '@aws-sdk/client-ec2';
import { Injectable } from '@nestjs/common';
import { PROBE, type BuyerAction, type Resource } from '#domain/aws-access.ts';
import { Ec2Clients } from './clients.ts';
import { Ec2Error } from './ec2.errors.ts';
import type { Place } from './place.ts';

@Injectable()
export class Ec2Trials {
  constructor(private readonly ec2: Ec2Clients) {}

  /**
   * @returns EC2's error code, `DryRunOperation` when it would have done it.
   * @throws Ec2Error when EC2 has not answered the question: throttled or unavailable.
   */
  async attempt(place: Place, action: BuyerAction): Promise<string> {
    try {
      await this.ec2.call(place, (ec2) => TRIALS[action](ec2));
      return 'DryRunOperation';
    } catch (error) {
      if (error instanceof Ec2Error && error.kind !== 'throttled' && error.kind !== 'unavailable') return error.code;
      throw error;
    }
  }
}

const DryRun = true;
const machine = { InstanceIds: [PROBE.instance], DryRun };
const disk = { VolumeId: PROBE.volume, DryRun };
/** The tag itself is added to whatever is made. */
const tagged = (...types: Resource[]): TagSpecification[] =>
  types.map((type) => ({ ResourceType: type as TagSpecification['ResourceType'], Tags: [] }));

const TRIALS: Record<BuyerAction, (ec2: EC2Client) => Promise<unknown>> = {
  AttachVolume: (ec2) => ec2.send(new AttachVolumeCommand({ ...disk, InstanceId: PROBE.instance, Device: '/dev/sdf' })),
  AuthorizeSecurityGroupIngress: (ec2) =>
    ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: PROBE['security-group'],
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        DryRun,
      }),
    ),
  CreatePlacementGroup: (ec2) =>
    ec2.send(
      new CreatePlacementGroupCommand({
        GroupName: PROBE['placement-group'],
        Strategy: 'spread',
        TagSpecifications: tagged('placement-group'),
        DryRun,
      }),
    ),
  CreateSecurityGroup: (ec2) =>
    ec2.send(
      new CreateSecurityGroupCommand({
        GroupName: 'slipway-probe',
        Description: 'Slipway tries whether it may make security groups',
        TagSpecifications: tagged('security-group'),
        DryRun,
      }),
    ),
  CreateSnapshot: (ec2) => ec2.send(new CreateSnapshotCommand({ ...disk, TagSpecifications: tagged('snapshot') })),
  CreateTags: (ec2) =>
    ec2.send(new CreateTagsCommand({ Resources: [PROBE.volume], Tags: [{ Key: 'slipway:probe', Value: 'probe' }], DryRun })),
  CreateVolume: (ec2) =>
    ec2.send(
      new CreateVolumeCommand({
        AvailabilityZone: 'slipway-probe',
        SnapshotId: PROBE.snapshot,
        TagSpecifications: tagged('volume'),
        DryRun,
      }),
    ),
  DeleteSecurityGroup: (ec2) => ec2.send(new DeleteSecurityGroupCommand({ GroupId: PROBE['security-group'], DryRun })),
  DeleteSnapshot: (ec2) => ec2.send(new DeleteSnapshotCommand({ SnapshotId: PROBE.snapshot, DryRun })),
  DeleteVolume: (ec2) => ec2.send(new DeleteVolumeCommand(disk)),
  DescribeAvailabilityZones: (ec2) => ec2.send(new DescribeAvailabilityZonesCommand({ DryRun })),
  DescribeInstances: (ec2) => ec2.send(new DescribeInstancesCommand({ DryRun })),
  DescribePlacementGroups: (ec2) => ec2.send(new DescribePlacementGroupsCommand({ DryRun })),
  DescribeSecurityGroups: (ec2) => ec2.send(new DescribeSecurityGroupsCommand({ DryRun })),
  DescribeSnapshots: (ec2) => ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], DryRun })),
  DescribeSubnets: (ec2) => ec2.send(new DescribeSubnetsCommand({ DryRun })),
  DescribeVolumes: (ec2) => ec2.send(new DescribeVolumesCommand({ DryRun })),
  DetachVolume: (ec2) => ec2.send(new DetachVolumeCommand(disk)),
  GetConsoleOutput: (ec2) => ec2.send(new GetConsoleOutputCommand({ InstanceId: PROBE.instance, DryRun })),
  RebootInstances: (ec2) => ec2.send(new RebootInstancesCommand(machine)),
  RevokeSecurityGroupEgress: (ec2) =>
    ec2.send(
      new RevokeSecurityGroupEgressCommand({
        GroupId: PROBE['security-group'],
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
        DryRun,
      }),
    ),
  RunInstances: (ec2) =>
    ec2.send(
      new RunInstancesCommand({
        ImageId: PROBE.image,
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        // As a machine is launched: an account may insist on it.
        MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 2 },
        TagSpecifications: tagged('instance', 'volume'),
        DryRun,
      }),
    ),
  StartInstances: (ec2) => ec2.send(new StartInstancesCommand(machine)),
  StopInstances: (ec2) => ec2.send(new StopInstancesCommand(machine)),
  TerminateInstances: (ec2) => ec2.send(new TerminateInstancesCommand(machine)),
};
