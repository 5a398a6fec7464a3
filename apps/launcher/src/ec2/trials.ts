/**
 * Tries whether a buyer's role may do what the launcher needs, by calls that EC2 only pretends to make (DryRun). What a call names
 * is what nothing has, so that not even an EC2 that overlooks DryRun does anything to anybody.
 */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  GetConsoleOutputCommand,
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
/** The tag itself is added to whatever is made. */
const tagged = (...types: Resource[]): TagSpecification[] =>
  types.map((type) => ({ ResourceType: type as TagSpecification['ResourceType'], Tags: [] }));

const TRIALS: Record<BuyerAction, (ec2: EC2Client) => Promise<unknown>> = {
  AuthorizeSecurityGroupIngress: (ec2) =>
    ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: PROBE['security-group'],
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
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
  DescribeInstances: (ec2) => ec2.send(new DescribeInstancesCommand({ DryRun })),
  DescribeSecurityGroups: (ec2) => ec2.send(new DescribeSecurityGroupsCommand({ DryRun })),
  GetConsoleOutput: (ec2) => ec2.send(new GetConsoleOutputCommand({ InstanceId: PROBE.instance, DryRun })),
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
