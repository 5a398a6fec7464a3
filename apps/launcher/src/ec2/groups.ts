/** EC2's security groups in our verbs. Every call throws Ec2Error. */
import { createHash } from 'node:crypto';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import { Injectable } from '@nestjs/common';
import { ANYWHERE, type FirewallRule } from '#domain/firewall.ts';
import { Ec2Clients, present, tagList } from './clients.ts';
import type { Ec2Error } from './ec2.errors.ts';
import type { Place } from './place.ts';

interface Group {
  groupId: string;
  permissions: IpPermission[];
}

/** What a group of ours is called, and in which network it is; null: the account's default one. */
interface GroupOrder {
  name: string;
  description: string;
  vpcId: string | null;
}

@Injectable()
export class Ec2Groups {
  constructor(private readonly ec2: Ec2Clients) {}

  /** The security group that lets everybody reach one TCP port. Of the default network. */
  groupFor(place: Place, port: number): Promise<string> {
    return this.groupWith(place, [{ protocol: 'tcp', port, from: ANYWHERE }]);
  }

  /**
   * The security group that lets in what the rules say, made when it is not there. Its name follows from its rules, so that machines with
   * the same rules share it and nobody ever changes it.
   * @param subnetId in whose network it has to be; the default network's otherwise.
   */
  async groupWith(place: Place, rules: FirewallRule[], subnetId: string | null = null): Promise<string> {
    const written = rules.map(({ protocol, port, from }) => `${protocol} ${port} from ${from}`).join(', ');
    const name = `slipway-${createHash('sha256').update(written).digest('hex').slice(0, 16)}`;
    const vpcId = subnetId === null ? null : await this.networkOf(place, subnetId);
    const order = { name, description: `Slipway: ${written}`.slice(0, 255), vpcId };
    const group = (await this.groupNamed(place, order)) ?? (await this.makeGroup(place, order));
    const closed = rules.filter((rule) => !isIn(group.permissions, rule));
    if (closed.length > 0) await this.open(place, group.groupId, closed);
    return group.groupId;
  }

  private async networkOf(place: Place, subnetId: string): Promise<string> {
    const command = new DescribeSubnetsCommand({ SubnetIds: [subnetId] });
    const { Subnets: [subnet] = [] } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return present(subnet?.VpcId, 'DescribeSubnets', 'VpcId');
  }

  private async groupNamed(place: Place, { name, vpcId }: GroupOrder): Promise<Group | undefined> {
    const Filters = [{ Name: 'group-name', Values: [name] }, ...(vpcId ? [{ Name: 'vpc-id', Values: [vpcId] }] : [])];
    const { SecurityGroups: groups = [] } = await this.ec2.call(place, (ec2) =>
      ec2.send(new DescribeSecurityGroupsCommand({ Filters })),
    );
    const [group] = groups;
    return group?.GroupId ? { groupId: group.GroupId, permissions: group.IpPermissions ?? [] } : undefined;
  }

  private async makeGroup(place: Place, { name, description, vpcId }: GroupOrder): Promise<Group> {
    const command = new CreateSecurityGroupCommand({
      GroupName: name,
      Description: description,
      VpcId: vpcId ?? undefined,
      TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList({ 'slipway:group': name }) }],
    });
    const { GroupId: groupId } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return { groupId: present(groupId, 'CreateSecurityGroup', 'GroupId'), permissions: [] };
  }

  /** Another worker may open it at the same moment, which is as good. */
  private async open(place: Place, groupId: string, rules: FirewallRule[]): Promise<void> {
    const IpPermissions = rules.map(({ protocol, port, from }) => ({
      IpProtocol: protocol,
      FromPort: port,
      ToPort: port,
      IpRanges: [{ CidrIp: from }],
    }));
    const command = new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions });
    await this.ec2
      .call(place, (ec2) => ec2.send(command))
      .catch((error: Ec2Error) => {
        if (error.code !== 'InvalidPermission.Duplicate') throw error;
      });
  }
}

const isIn = (permissions: IpPermission[], { protocol, port, from }: FirewallRule): boolean =>
  permissions.some(
    ({ IpProtocol, FromPort, ToPort, IpRanges = [] }) =>
      IpProtocol === protocol && FromPort === port && ToPort === port && IpRanges.some(({ CidrIp }) => CidrIp === from),
  );
