/**
 * Security groups that one machine has for itself, and through which it can be reached from few addresses and reach nobody. Found by
 * their name, for CreateSecurityGroup takes no ClientToken; a name is there once in a VPC. Every call throws Ec2Error.
 */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  type SecurityGroup,
} from '@aws-sdk/client-ec2';
import { Injectable } from '@nestjs/common';
import { Ec2Clients, present, tagList, type Tags } from './clients.ts';
import { Ec2Error, isUnsupported } from './ec2.errors.ts';
import type { Place } from './place.ts';

export interface Isolation {
  /** At most 255 characters, the same for the same machine. */
  name: string;
  description: string;
  tags: Tags;
  /** CIDRs that may come in. */
  from: readonly string[];
  /** TCP ports that they may come in at. */
  ports: readonly number[];
}

@Injectable()
export class Ec2IsolatedGroups {
  constructor(private readonly ec2: Ec2Clients) {}

  /**
   * Makes the group, or finds it and makes up for what is missing. Nothing goes out of it: what a machine needs of EC2 itself (DHCP, DNS,
   * time, instance metadata) no security group holds back (EC2 user guide, "Security groups").
   * @returns its id.
   */
  async isolate(place: Place, isolation: Isolation): Promise<string> {
    const group = (await this.named(place, isolation.name)) ?? (await this.make(place, isolation));
    const groupId = present(group.GroupId, 'DescribeSecurityGroups', 'GroupId');
    await this.closeOutwards(place, groupId, group);
    await this.openInwards(place, groupId, group, isolation);
    return groupId;
  }

  /** @returns whether it is gone; false while a machine that is on its way out still has it. */
  async remove(place: Place, groupId: string): Promise<boolean> {
    try {
      await this.ec2.callOrGone(place, (ec2) => ec2.send(new DeleteSecurityGroupCommand({ GroupId: groupId })));
      return true;
    } catch (error) {
      if (error instanceof Ec2Error && error.code === 'DependencyViolation') return false;
      throw error;
    }
  }

  private async named(place: Place, name: string): Promise<SecurityGroup | undefined> {
    const command = new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: [name] }] });
    const { SecurityGroups: [group] = [] } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return group;
  }

  /** Read again, for only EC2 knows what a new group lets out: IPv4, and IPv6 where the VPC has it. */
  private async make(place: Place, { name, description, tags }: Isolation): Promise<SecurityGroup> {
    const command = new CreateSecurityGroupCommand({
      GroupName: name,
      Description: description,
      TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList(tags) }],
    });
    await this.ec2.call(place, (ec2) => ec2.send(command));
    const made = await this.named(place, name);
    if (!made) throw new Ec2Error('unavailable', 'NotShownYet', `EC2 does not show the security group ${name} yet.`);
    return made;
  }

  private async closeOutwards(place: Place, groupId: string, { IpPermissionsEgress: open = [] }: SecurityGroup): Promise<void> {
    const IpPermissions = open.filter(
      ({ IpRanges = [], Ipv6Ranges = [], UserIdGroupPairs = [], PrefixListIds = [] }) =>
        IpRanges.length + Ipv6Ranges.length + UserIdGroupPairs.length + PrefixListIds.length > 0,
    );
    if (IpPermissions.length === 0) return;
    try {
      await this.ec2.call(place, (ec2) => ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: groupId, IpPermissions })));
    } catch (error) {
      // Closed by another worker; or an EC2 whose groups say nothing about what goes out.
      if (!(error instanceof Ec2Error && error.code === 'InvalidPermission.NotFound') && !isUnsupported(error)) throw error;
    }
  }

  private async openInwards(
    place: Place,
    groupId: string,
    { IpPermissions: open = [] }: SecurityGroup,
    { from, ports }: Isolation,
  ): Promise<void> {
    const isOpen = (port: number, cidr: string): boolean =>
      open.some(
        ({ FromPort, ToPort, IpRanges = [] }) =>
          FromPort === port && ToPort === port && IpRanges.some((range) => range.CidrIp === cidr),
      );
    const missing = [...new Set(ports)].flatMap((port) => {
      const IpRanges = from.filter((cidr) => !isOpen(port, cidr)).map((CidrIp) => ({ CidrIp }));
      return IpRanges.length > 0 ? [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges }] : [];
    });
    if (missing.length === 0) return;
    try {
      await this.ec2.call(place, (ec2) =>
        ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions: missing })),
      );
    } catch (error) {
      if (!(error instanceof Ec2Error) || error.code !== 'InvalidPermission.Duplicate') throw error;
      // Another worker opened some of them in between, and EC2 then opens none: the next look sees which are left.
      throw new Ec2Error('unavailable', error.code, 'Another worker opens the same group.', { cause: error });
    }
  }
}
