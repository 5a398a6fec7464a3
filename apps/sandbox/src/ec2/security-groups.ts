/** Security groups: made, opened for a port, shown and deleted. The sandbox checks the rules and filters no traffic. */
import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { action, type Actions, type Call } from './call.ts';
import { filtered, paged } from './filters.ts';
import { filters, integer, invalidValue, paging, tagSpecifications, text } from './input.ts';
import { stateOf } from './instance-state.ts';
import { defaultVpcId } from './network.ts';
import { groupNamed, groupsOf, saveGroup, type Rule, type SecurityGroup } from './security-group-state.ts';
import { addTags, specifiedTags, tagSet, tagsOf } from './tags.ts';
import { newId } from './world.ts';
import type { XmlObject } from './xml.ts';

const ipPermission = z.strictObject({
  IpProtocol: text,
  FromPort: integer.optional(),
  ToPort: integer.optional(),
  IpRanges: z.array(z.strictObject({ CidrIp: text, Description: text.optional() })).default([]),
  Ipv6Ranges: z.array(z.strictObject({ CidrIpv6: text, Description: text.optional() })).default([]),
  Groups: z.array(z.strictObject({ GroupId: text, UserId: text.optional(), Description: text.optional() })).default([]),
});

export const securityGroupActions: Actions = {
  CreateSecurityGroup: action(
    { GroupName: text.min(1), GroupDescription: text.min(1), VpcId: text.optional(), TagSpecification: tagSpecifications },
    (call, input) => {
      const tags = specifiedTags(input.TagSpecification, ['security-group'])['security-group'] ?? {};
      const vpcId = input.VpcId ?? defaultVpcId(call);
      if (vpcId !== defaultVpcId(call)) throw new VendorError('InvalidVpcID.NotFound', `The vpc ID '${vpcId}' does not exist`);
      if (input.GroupName.startsWith('sg-')) throw invalidValue('GroupName', input.GroupName, 'It may not start with sg-.');
      if (groupsOf(call).some((group) => group.name === input.GroupName)) {
        throw new VendorError(
          'InvalidGroup.Duplicate',
          `The security group '${input.GroupName}' already exists for VPC '${vpcId}'`,
        );
      }
      const { world, accountId, region } = call;
      const group: SecurityGroup = {
        number: world.store.next('security-group'),
        groupId: newId('sg'),
        accountId,
        region,
        vpcId,
        name: input.GroupName,
        description: input.GroupDescription,
        rules: [],
      };
      saveGroup(world, group);
      addTags(call, group.groupId, tags);
      return { groupId: group.groupId, tagSet: tagSet(tags), securityGroupArn: arnOf(group) };
    },
  ),

  DescribeSecurityGroups: action(
    { GroupId: z.array(text).optional(), GroupName: z.array(text).optional(), Filter: filters, ...paging },
    (call, input) => {
      const byId = input.GroupId?.map((id) => groupNamed(call, { id }));
      const byName = input.GroupName?.map((name) => groupNamed(call, { name }));
      const named = byId || byName ? [...(byId ?? []), ...(byName ?? [])] : groupsOf(call);
      const shown = filtered(
        named,
        input.Filter,
        {
          'group-id': (group) => [group.groupId],
          'group-name': (group) => [group.name],
          description: (group) => [group.description],
          'vpc-id': (group) => [group.vpcId],
          'owner-id': (group) => [group.accountId],
          'ip-permission.cidr': (group) => group.rules.map((rule) => rule.cidrIpv4),
          'ip-permission.from-port': (group) => group.rules.map((rule) => rule.fromPort?.toString()),
          'ip-permission.to-port': (group) => group.rules.map((rule) => rule.toPort?.toString()),
          'ip-permission.protocol': (group) => group.rules.map((rule) => rule.protocol),
        },
        (group) => tagsOf(call, group.groupId),
      );
      const page = paged(shown, (group) => group.number, input);
      return { securityGroupInfo: page.items.map((group) => written(call, group)), nextToken: page.nextToken };
    },
  ),

  AuthorizeSecurityGroupIngress: action(
    {
      GroupId: text.optional(),
      GroupName: text.optional(),
      IpPermissions: z.array(ipPermission).optional(),
      IpProtocol: text.optional(),
      FromPort: integer.optional(),
      ToPort: integer.optional(),
      CidrIp: text.optional(),
      TagSpecification: tagSpecifications,
    },
    (call, input) => {
      const group = groupNamed(call, { id: input.GroupId, name: input.GroupName });
      const { IpProtocol, FromPort, ToPort, CidrIp } = input;
      const single = IpProtocol === undefined ? [] : [{ IpProtocol, FromPort, ToPort, ...sources(CidrIp) }];
      const added = [...(input.IpPermissions ?? []), ...single].flatMap((permission) => rulesOf(call, permission));
      if (added.length === 0) throw new VendorError('MissingParameter', 'The request must contain the parameter IpPermissions');
      const known = new Set(group.rules.map(sameness));
      for (const rule of added) {
        if (known.has(sameness(rule))) {
          throw new VendorError('InvalidPermission.Duplicate', `the specified rule "${describe(rule)}" already exists`);
        }
        known.add(sameness(rule));
      }
      saveGroup(call.world, { ...group, rules: [...group.rules, ...added] });
      return { return: true, securityGroupRuleSet: added.map((rule) => writtenRule(group, rule)) };
    },
  ),

  /** What goes out of a group is everything or nothing here; no rules are made for it. */
  RevokeSecurityGroupEgress: action({ GroupId: text, IpPermissions: z.array(ipPermission).optional() }, (call, input) => {
    const group = groupNamed(call, { id: input.GroupId });
    const revoked = (input.IpPermissions ?? []).flatMap((permission) => rulesOf(call, permission));
    if (revoked.length === 0) throw new VendorError('MissingParameter', 'The request must contain the parameter IpPermissions');
    const isEverything = (rule: Rule): boolean => rule.protocol === '-1' && rule.cidrIpv4 === '0.0.0.0/0';
    if (group.closedOutwards || !revoked.every(isEverything)) {
      throw new VendorError('InvalidPermission.NotFound', 'The specified rule does not exist in this security group.');
    }
    saveGroup(call.world, { ...group, closedOutwards: true });
    return { return: true };
  }),

  DeleteSecurityGroup: action({ GroupId: text.optional(), GroupName: text.optional() }, (call, input) => {
    const group = groupNamed(call, { id: input.GroupId, name: input.GroupName });
    if (group.name === 'default')
      throw new VendorError(
        'CannotDelete',
        `the specified group: "${group.groupId}" name: "default" cannot be deleted by a user`,
      );
    const used = call.world.instances
      .values()
      .some((instance) => instance.groupIds.includes(group.groupId) && stateOf(instance, call.now) !== 'terminated');
    const named = groupsOf(call).some(
      (other) => other !== group && other.rules.some((rule) => rule.sourceGroupId === group.groupId),
    );
    if (used || named) throw new VendorError('DependencyViolation', `resource ${group.groupId} has a dependent object`);
    call.world.securityGroups.delete(group.groupId);
    return { return: true, groupId: group.groupId };
  }),
};

const sources = (cidr: string | undefined) => ({
  IpRanges: cidr === undefined ? [] : [{ CidrIp: cidr, Description: undefined }],
  Ipv6Ranges: [],
  Groups: [],
});

function rulesOf(call: Call, permission: z.output<typeof ipPermission>): Rule[] {
  const { IpProtocol, FromPort, ToPort } = permission;
  const protocol = { '6': 'tcp', '17': 'udp', '1': 'icmp' }[IpProtocol] ?? IpProtocol.toLowerCase();
  if (!/^(tcp|udp|icmp|icmpv6|-1|\d{1,3})$/.test(protocol)) throw invalidValue('IpProtocol', IpProtocol);
  const needsPorts = protocol === 'tcp' || protocol === 'udp';
  if (needsPorts && (FromPort === undefined || ToPort === undefined || FromPort < 0 || ToPort > 65535 || FromPort > ToPort)) {
    throw new VendorError(
      'InvalidParameterValue',
      `Invalid value '${FromPort ?? ''}-${ToPort ?? ''}' for portRange. Must specify both from and to ports with TCP/UDP.`,
    );
  }
  const ports = protocol === '-1' ? {} : { fromPort: FromPort, toPort: ToPort };
  const rule = () => ({ ruleId: newId('sgr'), protocol, ...ports });
  return [
    ...permission.IpRanges.map(({ CidrIp, Description }) => {
      if (!isCidr(CidrIp)) throw new VendorError('InvalidParameterValue', `CIDR block ${CidrIp} is malformed`);
      return { ...rule(), cidrIpv4: CidrIp, description: Description };
    }),
    ...permission.Ipv6Ranges.map(({ CidrIpv6, Description }) => ({ ...rule(), cidrIpv6: CidrIpv6, description: Description })),
    ...permission.Groups.map(({ GroupId, Description }) => ({
      ...rule(),
      sourceGroupId: groupNamed(call, { id: GroupId }).groupId,
      description: Description,
    })),
  ];
}

function isCidr(cidr: string): boolean {
  const [address = '', bits = '', ...rest] = cidr.split('/');
  return rest.length === 0 && isIPv4(address) && /^\d{1,2}$/.test(bits) && Number(bits) <= 32;
}

/** Two rules with the same of these are the same rule. */
const sameness = (rule: Rule): string =>
  [rule.protocol, rule.fromPort, rule.toPort, rule.cidrIpv4, rule.cidrIpv6, rule.sourceGroupId].join('|');

const describe = (rule: Rule): string =>
  `peer: ${rule.cidrIpv4 ?? rule.cidrIpv6 ?? rule.sourceGroupId}, ${rule.protocol}, from port: ${rule.fromPort}, to port: ${rule.toPort}, ALLOW`;

const arnOf = ({ region, accountId, groupId }: SecurityGroup): string =>
  `arn:aws:ec2:${region}:${accountId}:security-group/${groupId}`;

function written(call: Call, group: SecurityGroup): XmlObject {
  return {
    groupId: group.groupId,
    groupName: group.name,
    groupDescription: group.description,
    ownerId: group.accountId,
    vpcId: group.vpcId,
    securityGroupArn: arnOf(group),
    ipPermissions: merged(group),
    ipPermissionsEgress: group.closedOutwards
      ? []
      : [{ ipProtocol: '-1', groups: [], ipRanges: [{ cidrIp: '0.0.0.0/0' }], ipv6Ranges: [], prefixListIds: [] }],
    tagSet: tagSet(tagsOf(call, group.groupId)),
  };
}

/** One permission for each range of ports, with all of its sources. */
function merged(group: SecurityGroup): XmlObject[] {
  const byPorts = Map.groupBy(group.rules, (rule) => [rule.protocol, rule.fromPort, rule.toPort].join('|'));
  return [...byPorts.values()].map((rules) => ({
    ipProtocol: rules[0]?.protocol,
    fromPort: rules[0]?.fromPort,
    toPort: rules[0]?.toPort,
    groups: rules
      .filter((rule) => rule.sourceGroupId)
      .map((rule) => ({ userId: group.accountId, groupId: rule.sourceGroupId, description: rule.description })),
    ipRanges: rules.filter((rule) => rule.cidrIpv4).map((rule) => ({ cidrIp: rule.cidrIpv4, description: rule.description })),
    ipv6Ranges: rules.filter((rule) => rule.cidrIpv6).map((rule) => ({ cidrIpv6: rule.cidrIpv6, description: rule.description })),
    prefixListIds: [],
  }));
}

const writtenRule = (group: SecurityGroup, rule: Rule): XmlObject => ({
  securityGroupRuleId: rule.ruleId,
  groupId: group.groupId,
  groupOwnerId: group.accountId,
  isEgress: false,
  ipProtocol: rule.protocol,
  fromPort: rule.fromPort ?? -1,
  toPort: rule.toPort ?? -1,
  cidrIpv4: rule.cidrIpv4,
  cidrIpv6: rule.cidrIpv6,
  referencedGroupInfo: rule.sourceGroupId ? { groupId: rule.sourceGroupId, userId: group.accountId } : undefined,
  description: rule.description,
  tagSet: [],
});
