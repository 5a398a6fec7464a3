/**
 * EC2 in our verbs: the port. The only importer of its SDK; every call throws Ec2Error. Calls are made once, for the stages try
 * again with a growing pause and say so in *stuck work*.
 */
import {
  AuthorizeSecurityGroupIngressCommand,
  CopyImageCommand,
  CreateSecurityGroupCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  GetConsoleOutputCommand,
  ModifyImageAttributeCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type _InstanceType,
} from '@aws-sdk/client-ec2';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { ImageView } from '#domain/image.ts';
import { LauncherConfig } from '../config.ts';
import { Ec2Error, isGone, toEc2Error } from './ec2.errors.ts';
import { readImage, readMachine, type Ec2Machine } from './ec2.read.ts';

export type Tags = Record<string, string>;

export interface MachineOrder {
  /** The ClientToken: the same token is the same machine, however often it is asked for. */
  token: string;
  imageId: string;
  instanceType: string;
  securityGroupId: string;
  tags: Tags;
  /** Plain text, at most 16 KB. */
  userData?: string;
  /** What happens when it shuts itself down; EC2 stops it unless told otherwise. */
  onShutdown?: 'stop' | 'terminate';
}

/** An AWS region, and nothing that could make a host name of somebody else's. */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

@Injectable()
export class Ec2 implements OnApplicationShutdown {
  private readonly clients = new Map<string, EC2Client>();

  constructor(private readonly config: LauncherConfig) {}

  /** @returns `missing` when there is no such image, or it is not shared with us. */
  async image(region: string, imageId: string): Promise<ImageView | 'missing'> {
    const found = await this.orGone(this.call(region, (ec2) => ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }))));
    const [image] = found?.Images ?? [];
    return image ? readImage(image) : 'missing';
  }

  /** Our own image that carries a tag; `missing` when there is none. */
  async imageByTag(region: string, key: string, value: string): Promise<ImageView | 'missing'> {
    const filters = [{ Name: `tag:${key}`, Values: [value] }];
    const found = await this.call(region, (ec2) => ec2.send(new DescribeImagesCommand({ Owners: ['self'], Filters: filters })));
    const [image] = found.Images ?? [];
    return image ? readImage(image) : 'missing';
  }

  /** Starts to copy an image into `region`. @returns the copy's id. */
  async copyImage(
    region: string,
    {
      token,
      name,
      sourceRegion,
      sourceImageId,
      tags,
    }: { token: string; name: string; sourceRegion: string; sourceImageId: string; tags: Tags },
  ): Promise<string> {
    const command = new CopyImageCommand({
      ClientToken: token,
      Name: name,
      SourceRegion: sourceRegion,
      SourceImageId: sourceImageId,
      TagSpecifications: ['image', 'snapshot'].map((type) => ({
        ResourceType: type as 'image' | 'snapshot',
        Tags: tagList(tags),
      })),
    });
    const { ImageId: imageId } = await this.call(region, (ec2) => ec2.send(command));
    return present(imageId, 'CopyImage', 'ImageId');
  }

  /** Lets another account launch an image of ours, or no longer. */
  async shareImage(region: string, imageId: string, accountId: string, allowed: boolean): Promise<void> {
    const LaunchPermission = { [allowed ? 'Add' : 'Remove']: [{ UserId: accountId }] };
    await this.call(region, (ec2) => ec2.send(new ModifyImageAttributeCommand({ ImageId: imageId, LaunchPermission })));
  }

  /** Makes one machine, or finds the one that the token has made before. */
  async runMachine(region: string, order: MachineOrder): Promise<Ec2Machine> {
    const command = new RunInstancesCommand({
      ClientToken: order.token,
      MinCount: 1,
      MaxCount: 1,
      ImageId: order.imageId,
      InstanceType: order.instanceType as _InstanceType,
      SecurityGroupIds: [order.securityGroupId],
      InstanceInitiatedShutdownBehavior: order.onShutdown,
      // Two hops, so that software in a container on the machine reaches it too.
      MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 2 },
      UserData: order.userData === undefined ? undefined : Buffer.from(order.userData).toString('base64'),
      TagSpecifications: ['instance', 'volume'].map((type) => ({
        ResourceType: type as 'instance' | 'volume',
        Tags: tagList(order.tags),
      })),
    });
    const reservation = await this.call(region, (ec2) => ec2.send(command));
    const [machine] = reservation.Instances ?? [];
    return readMachine(present(machine, 'RunInstances', 'Instances'), reservation.OwnerId);
  }

  /** @returns `missing` when EC2 does not know it, or does not show it yet. */
  async machine(region: string, instanceId: string): Promise<Ec2Machine | 'missing'> {
    const found = await this.orGone(
      this.call(region, (ec2) => ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }))),
    );
    return onlyMachine(found?.Reservations);
  }

  /** The machine that RunInstances made for this token; `missing` when there is none, or none yet. */
  async machineByToken(region: string, token: string): Promise<Ec2Machine | 'missing'> {
    const Filters = [{ Name: 'client-token', Values: [token] }];
    const found = await this.call(region, (ec2) => ec2.send(new DescribeInstancesCommand({ Filters })));
    return onlyMachine(found.Reservations);
  }

  /** Terminating what is gone already is no error. */
  async terminate(region: string, instanceId: string): Promise<void> {
    await this.orGone(this.call(region, (ec2) => ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }))));
  }

  async stop(region: string, instanceId: string): Promise<void> {
    await this.call(region, (ec2) => ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] })));
  }

  async start(region: string, instanceId: string): Promise<void> {
    await this.call(region, (ec2) => ec2.send(new StartInstancesCommand({ InstanceIds: [instanceId] })));
  }

  /** What the machine wrote on its console; null while there is nothing. */
  async consoleOutput(region: string, instanceId: string): Promise<string | null> {
    const { Output: output } = await this.call(region, (ec2) =>
      ec2.send(new GetConsoleOutputCommand({ InstanceId: instanceId })),
    );
    return output ? Buffer.from(output, 'base64').toString('utf8') : null;
  }

  /** The security group, made when it is not there, that lets everybody reach one TCP port. Of the default VPC. */
  async groupFor(region: string, port: number): Promise<string> {
    const name = `slipway-tcp-${port}`;
    const found = (await this.groupNamed(region, name)) ?? (await this.makeGroup(region, name, port));
    return found.isOpen ? found.groupId : this.openPort(region, found.groupId, port);
  }

  onApplicationShutdown(): void {
    for (const client of this.clients.values()) client.destroy();
  }

  private async groupNamed(region: string, name: string): Promise<{ groupId: string; isOpen: boolean } | undefined> {
    const Filters = [{ Name: 'group-name', Values: [name] }];
    const { SecurityGroups: [group] = [] } = await this.call(region, (ec2) =>
      ec2.send(new DescribeSecurityGroupsCommand({ Filters })),
    );
    return group?.GroupId ? { groupId: group.GroupId, isOpen: (group.IpPermissions ?? []).length > 0 } : undefined;
  }

  private async makeGroup(region: string, name: string, port: number): Promise<{ groupId: string; isOpen: boolean }> {
    const TagSpecifications = [{ ResourceType: 'security-group' as const, Tags: tagList({ 'slipway:port': String(port) }) }];
    const command = new CreateSecurityGroupCommand({
      GroupName: name,
      Description: `Slipway appliances on TCP ${port}`,
      TagSpecifications,
    });
    const { GroupId: groupId } = await this.call(region, (ec2) => ec2.send(command));
    return { groupId: present(groupId, 'CreateSecurityGroup', 'GroupId'), isOpen: false };
  }

  /** Another worker may open it at the same moment, which is as good. */
  private async openPort(region: string, groupId: string, port: number): Promise<string> {
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    const command = new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions });
    await this.call(region, (ec2) => ec2.send(command)).catch((error: Ec2Error) => {
      if (error.code !== 'InvalidPermission.Duplicate') throw error;
    });
    return groupId;
  }

  private async orGone<T>(call: Promise<T>): Promise<T | undefined> {
    try {
      return await call;
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  private async call<T>(region: string, run: (ec2: EC2Client) => Promise<T>): Promise<T> {
    try {
      return await run(this.client(region));
    } catch (error) {
      throw toEc2Error(error);
    }
  }

  private client(region: string): EC2Client {
    if (!REGION.test(region)) throw new Ec2Error('refused', 'InvalidRegion', `"${region}" is not an AWS region.`);
    const known = this.clients.get(region);
    if (known) return known;
    const {
      AWS_ENDPOINT_URL_EC2: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    } = this.config;
    const client = new EC2Client({
      region,
      endpoint,
      credentials:
        accessKeyId && secretAccessKey
          ? { accessKeyId, secretAccessKey, sessionToken: this.config.AWS_SESSION_TOKEN }
          : undefined,
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
    });
    this.clients.set(region, client);
    return client;
  }
}

const tagList = (tags: Tags): Array<{ Key: string; Value: string }> =>
  Object.entries(tags).map(([Key, value]) => ({ Key, Value: value.slice(0, 256) }));

function onlyMachine(
  reservations: Array<{ OwnerId?: string; Instances?: Parameters<typeof readMachine>[0][] }> | undefined,
): Ec2Machine | 'missing' {
  const [reservation] = reservations ?? [];
  const [machine] = reservation?.Instances ?? [];
  return machine ? readMachine(machine, reservation?.OwnerId) : 'missing';
}

/** @throws Ec2Error `unavailable` when an answer lacks what it always has. */
function present<T>(value: T | undefined, operation: string, member: string): T {
  if (value === undefined) throw new Ec2Error('unavailable', 'IncompleteAnswer', `${operation} answered without ${member}.`);
  return value;
}
