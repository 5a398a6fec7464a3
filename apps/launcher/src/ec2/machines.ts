/** EC2's machines in our verbs. Every call throws Ec2Error. */
import {
  DescribeInstancesCommand,
  GetConsoleOutputCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type _InstanceType,
  type Placement,
  type VolumeType,
} from '@aws-sdk/client-ec2';
import { Injectable } from '@nestjs/common';
import { Ec2Clients, present, tagList, type Tags } from './clients.ts';
import { isUnknownFilter } from './ec2.errors.ts';
import { readFound, readMachine, type Ec2Machine, type FoundMachine } from './ec2.read.ts';
import type { Place } from './place.ts';

/** A disk that is made with a machine and goes with it. */
export interface MachineDisk {
  device: string;
  sizeGib: number;
  type: string;
  /** EC2's id of what it is made of; null: it is empty. */
  snapshotId: string | null;
}

export interface MachineOrder {
  /** The ClientToken: the same token is the same machine, however often it is asked for. */
  token: string;
  imageId: string;
  instanceType: string;
  securityGroupId: string;
  tags: Tags;
  /** Plain text, at most 16 KB. */
  userData?: string;
  /** Without one EC2 chooses. */
  zone?: string | null;
  /** The account's default network without one. */
  subnetId?: string | null;
  /** A key pair of the account, for SSH. */
  keyName?: string | null;
  placementGroup?: string | null;
  /** One that AWS may take back. */
  isSpot?: boolean;
  /** What happens when it shuts itself down; EC2 stops it unless told otherwise. */
  onShutdown?: 'stop' | 'terminate';
  disks?: readonly MachineDisk[];
}

interface Page {
  machines: FoundMachine[];
  /** Where the next one begins; null after the last. */
  next: string | null;
}

@Injectable()
export class Ec2Machines {
  constructor(private readonly ec2: Ec2Clients) {}

  /** Makes one machine, or finds the one that the token has made before. */
  async run(place: Place, order: MachineOrder): Promise<Ec2Machine> {
    const command = new RunInstancesCommand({
      ClientToken: order.token,
      MinCount: 1,
      MaxCount: 1,
      ImageId: order.imageId,
      InstanceType: order.instanceType as _InstanceType,
      SecurityGroupIds: [order.securityGroupId],
      SubnetId: order.subnetId ?? undefined,
      KeyName: order.keyName ?? undefined,
      Placement: placementOf(order),
      InstanceMarketOptions: order.isSpot ? { MarketType: 'spot' } : undefined,
      InstanceInitiatedShutdownBehavior: order.onShutdown,
      BlockDeviceMappings: order.disks?.map(({ device, sizeGib, type, snapshotId }) => ({
        DeviceName: device,
        Ebs: {
          VolumeSize: sizeGib,
          VolumeType: type as VolumeType,
          SnapshotId: snapshotId ?? undefined,
          Encrypted: place.connection ? true : undefined,
          DeleteOnTermination: true,
        },
      })),
      // Two hops, so that software in a container on the machine reaches it too.
      MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 2 },
      UserData: order.userData === undefined ? undefined : Buffer.from(order.userData).toString('base64'),
      TagSpecifications: ['instance', 'volume'].map((type) => ({
        ResourceType: type as 'instance' | 'volume',
        Tags: tagList(order.tags),
      })),
    });
    const reservation = await this.ec2.call(place, (ec2) => ec2.send(command));
    const [machine] = reservation.Instances ?? [];
    return readMachine(present(machine, 'RunInstances', 'Instances'), reservation.OwnerId);
  }

  /** @returns `missing` when EC2 does not know it, or does not show it yet. */
  async machine(place: Place, instanceId: string): Promise<Ec2Machine | 'missing'> {
    const command = new DescribeInstancesCommand({ InstanceIds: [instanceId] });
    const found = await this.ec2.callOrGone(place, (ec2) => ec2.send(command));
    return onlyMachine(found?.Reservations);
  }

  /** The machine that RunInstances made for this token; `missing` when there is none, or none yet. */
  async machineByToken(place: Place, token: string): Promise<Ec2Machine | 'missing'> {
    const command = new DescribeInstancesCommand({ Filters: [{ Name: 'client-token', Values: [token] }] });
    try {
      const found = await this.ec2.call(place, (ec2) => ec2.send(command));
      return onlyMachine(found.Reservations);
    } catch (error) {
      if (isUnknownFilter(error)) return this.amongAll(place, token);
      throw error;
    }
  }

  /** All machines of the account there, a page at a time. @param token where the page begins; null for the first. */
  async page(place: Place, { token, size }: { token: string | null; size: number }): Promise<Page> {
    const command = new DescribeInstancesCommand({ MaxResults: size, NextToken: token ?? undefined });
    const { Reservations: reservations = [], NextToken: next } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return {
      machines: reservations.flatMap(({ OwnerId, Instances = [] }) => Instances.map((instance) => readFound(instance, OwnerId))),
      next: next || null,
    };
  }

  /** Terminating what is gone already is no error. */
  async terminate(place: Place, instanceId: string): Promise<void> {
    const command = new TerminateInstancesCommand({ InstanceIds: [instanceId] });
    await this.ec2.callOrGone(place, (ec2) => ec2.send(command));
  }

  async stop(place: Place, instanceId: string): Promise<void> {
    const command = new StopInstancesCommand({ InstanceIds: [instanceId] });
    await this.ec2.call(place, (ec2) => ec2.send(command));
  }

  async start(place: Place, instanceId: string): Promise<void> {
    const command = new StartInstancesCommand({ InstanceIds: [instanceId] });
    await this.ec2.call(place, (ec2) => ec2.send(command));
  }

  /** Told twice, it boots a little longer. */
  async reboot(place: Place, instanceId: string): Promise<void> {
    const command = new RebootInstancesCommand({ InstanceIds: [instanceId] });
    await this.ec2.call(place, (ec2) => ec2.send(command));
  }

  /** What the machine wrote on its console; null while there is nothing. */
  async consoleOutput(place: Place, instanceId: string): Promise<string | null> {
    const command = new GetConsoleOutputCommand({ InstanceId: instanceId });
    const { Output: output } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return output ? Buffer.from(output, 'base64').toString('utf8') : null;
  }

  /** For an EC2 that shows tokens and cannot be asked for one. */
  private async amongAll(place: Place, token: string): Promise<Ec2Machine | 'missing'> {
    let next: string | null = null;
    do {
      const page: Page = await this.page(place, { token: next, size: 1_000 });
      const made = page.machines.find(({ clientToken }) => clientToken === token);
      if (made) return made;
      ({ next } = page);
    } while (next);
    return 'missing';
  }
}

function placementOf({ zone, placementGroup }: MachineOrder): Placement | undefined {
  if (!zone && !placementGroup) return undefined;
  return { ...(zone ? { AvailabilityZone: zone } : {}), ...(placementGroup ? { GroupName: placementGroup } : {}) };
}

function onlyMachine(
  reservations: Array<{ OwnerId?: string; Instances?: Parameters<typeof readMachine>[0][] }> | undefined,
): Ec2Machine | 'missing' {
  const [reservation] = reservations ?? [];
  const [machine] = reservation?.Instances ?? [];
  return machine ? readMachine(machine, reservation?.OwnerId) : 'missing';
}
