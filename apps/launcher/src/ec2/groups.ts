/** EC2's security groups in our verbs. Every call throws Ec2Error. */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import { Injectable } from '@nestjs/common';
import { Ec2Clients, present, tagList } from './clients.ts';
import type { Ec2Error } from './ec2.errors.ts';
import type { Place } from './place.ts';

interface Group {
  groupId: string;
  isOpen: boolean;
}

@Injectable()
export class Ec2Groups {
  constructor(private readonly ec2: Ec2Clients) {}

  /** The security group, made when it is not there, that lets everybody reach one TCP port. Of the default VPC. */
  async groupFor(place: Place, port: number): Promise<string> {
    const name = `slipway-tcp-${port}`;
    const found = (await this.groupNamed(place, name)) ?? (await this.makeGroup(place, name, port));
    return found.isOpen ? found.groupId : this.openPort(place, found.groupId, port);
  }

  private async groupNamed(place: Place, name: string): Promise<Group | undefined> {
    const command = new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: [name] }] });
    const { SecurityGroups: [group] = [] } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return group?.GroupId ? { groupId: group.GroupId, isOpen: (group.IpPermissions ?? []).length > 0 } : undefined;
  }

  private async makeGroup(place: Place, name: string, port: number): Promise<Group> {
    const command = new CreateSecurityGroupCommand({
      GroupName: name,
      Description: `Slipway appliances on TCP ${port}`,
      TagSpecifications: [{ ResourceType: 'security-group', Tags: tagList({ 'slipway:port': String(port) }) }],
    });
    const { GroupId: groupId } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return { groupId: present(groupId, 'CreateSecurityGroup', 'GroupId'), isOpen: false };
  }

  /** Another worker may open it at the same moment, which is as good. */
  private async openPort(place: Place, groupId: string, port: number): Promise<string> {
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    const command = new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions });
    await this.ec2
      .call(place, (ec2) => ec2.send(command))
      .catch((error: Ec2Error) => {
        if (error.code !== 'InvalidPermission.Duplicate') throw error;
      });
    return groupId;
  }
}
