/** What the sandbox keeps of a security group. Each account has one named `default` in every region from the start. */
import { VendorError } from '../vendor-error.ts';
import type { Call } from './call.ts';
import { defaultVpcId } from './network.ts';
import { derivedId, type World } from './world.ts';

export interface SecurityGroup {
  number: number;
  groupId: string;
  accountId: string;
  region: string;
  vpcId: string;
  name: string;
  description: string;
  rules: Rule[];
  /** Nothing goes out any more; a new group lets out everything. */
  closedOutwards?: boolean | undefined;
}

/** One source of one permission; EC2 merges those of the same ports when it shows them. */
export interface Rule {
  ruleId: string;
  protocol: string;
  fromPort?: number | undefined;
  toPort?: number | undefined;
  cidrIpv4?: string | undefined;
  cidrIpv6?: string | undefined;
  sourceGroupId?: string | undefined;
  description?: string | undefined;
}

type Place = Pick<Call, 'world' | 'accountId' | 'region'>;

/** The account's groups in the region, the default one included. */
export function groupsOf(place: Place): SecurityGroup[] {
  const own = place.world.securityGroups
    .values()
    .filter((group) => group.accountId === place.accountId && group.region === place.region);
  return own.some((group) => group.name === 'default') ? own : [defaultGroup(place), ...own];
}

/** @throws VendorError InvalidGroup.NotFound. */
export function groupNamed(place: Place, { id, name }: { id?: string | undefined; name?: string | undefined }): SecurityGroup {
  if (id === undefined && name === undefined)
    throw new VendorError('MissingParameter', 'The request must contain the parameter GroupId');
  const group = groupsOf(place).find((candidate) => (id === undefined ? candidate.name === name : candidate.groupId === id));
  if (group) return group;
  throw new VendorError(
    'InvalidGroup.NotFound',
    `The security group '${id ?? name}' does not exist${id ? '' : ' in default VPC'}`,
  );
}

export const saveGroup = (world: World, group: SecurityGroup): void => world.securityGroups.set(group.groupId, group);

/** Lets its own members in, and nobody else. Written down only when somebody changes it. */
function defaultGroup({ accountId, region }: Place): SecurityGroup {
  const groupId = derivedId('sg', accountId, region, 'default');
  return {
    number: 0,
    groupId,
    accountId,
    region,
    vpcId: defaultVpcId({ accountId, region }),
    name: 'default',
    description: 'default VPC security group',
    rules: [{ ruleId: derivedId('sgr', groupId), protocol: '-1', sourceGroupId: groupId }],
  };
}
