/**
 * What the launcher may do at AWS: one list of the EC2 actions that it calls, and the policies that follow from it. Resource types
 * and condition keys are those of the Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2".
 */

/** The tag on everything that is made: the id of the connection it was made through, or `platform` in our own account. */
export const OWNER_TAG = 'slipway:connection';
export const PLATFORM = 'platform';

export type Resource =
  | 'image'
  | 'instance'
  | 'key-pair'
  | 'network-interface'
  | 'placement-group'
  | 'security-group'
  | 'snapshot'
  | 'subnet'
  | 'volume'
  | 'vpc';

/**
 * Which resources of a type an action may touch. `made`: those that the call itself makes, and only with our tag. `ours`: those that
 * carry it. `images`: the platform's. `there`: whichever are there, since EC2 has no tag of ours to ask for.
 */
type Scope = 'made' | 'ours' | 'images' | 'there';

export interface Permission {
  /** EC2's name of the action, also of the SDK's command. */
  action: string;
  /** What for, to follow "The role may not …". */
  why: string;
  /** In whose account it is called. */
  accounts: 'buyer' | 'platform' | 'both';
  /** Nothing: EC2 knows no resources for it, so that it can only be allowed for all. */
  on: Partial<Record<Scope, readonly Resource[]>>;
  /** What it makes and tags where EC2 cannot be told to insist on the tag; what is `made` need not be repeated. */
  tags?: readonly Resource[];
}

/** Sorted by action. `permissions.spec.ts` beside the SDK's calls fails when one is called that is not here, or the other way round. */
export const PERMISSIONS = [
  { action: 'AttachVolume', why: 'to attach data volumes', accounts: 'both', on: { ours: ['instance', 'volume'] } },
  {
    action: 'AuthorizeSecurityGroupIngress',
    why: "to open the product's ports",
    accounts: 'both',
    on: { ours: ['security-group'] },
  },
  {
    action: 'CopyImage',
    why: "to copy vendors' images",
    accounts: 'platform',
    on: { there: ['image', 'snapshot'] },
    tags: ['image', 'snapshot'],
  },
  {
    action: 'CreatePlacementGroup',
    why: 'to spread machines over hosts',
    accounts: 'both',
    on: { made: ['placement-group'] },
  },
  {
    action: 'CreateSecurityGroup',
    why: 'to make the security group of machines',
    accounts: 'both',
    on: { made: ['security-group'], there: ['vpc'] },
  },
  {
    action: 'CreateSnapshot',
    why: 'to take snapshots of data volumes',
    accounts: 'both',
    on: { made: ['snapshot'], ours: ['volume'] },
  },
  { action: 'CreateTags', why: 'to say which volumes were released', accounts: 'both', on: { ours: ['volume'] } },
  { action: 'CreateVolume', why: 'to make data volumes', accounts: 'both', on: { made: ['volume'], ours: ['snapshot'] } },
  {
    action: 'DeleteSecurityGroup',
    why: 'to remove the security group of a test',
    accounts: 'both',
    on: { ours: ['security-group'] },
  },
  {
    action: 'DeleteSnapshot',
    why: 'to delete snapshots that are no longer kept',
    accounts: 'both',
    on: { ours: ['snapshot'] },
  },
  { action: 'DeleteVolume', why: 'to delete data volumes', accounts: 'both', on: { ours: ['volume'] } },
  { action: 'DescribeAvailabilityZones', why: 'to see whether a zone is up', accounts: 'both', on: {} },
  { action: 'DescribeImageAttribute', why: 'to see whom an image is shared with', accounts: 'platform', on: { ours: ['image'] } },
  { action: 'DescribeImages', why: 'to see images', accounts: 'platform', on: {} },
  { action: 'DescribeInstances', why: 'to see machines', accounts: 'both', on: {} },
  { action: 'DescribePlacementGroups', why: 'to find placement groups', accounts: 'both', on: {} },
  { action: 'DescribeSecurityGroups', why: 'to find security groups', accounts: 'both', on: {} },
  { action: 'DescribeSnapshots', why: 'to see snapshots and how far a copy is', accounts: 'both', on: {} },
  { action: 'DescribeSubnets', why: 'to see in which network a subnet is', accounts: 'both', on: {} },
  { action: 'DescribeVolumes', why: 'to see data volumes', accounts: 'both', on: {} },
  {
    action: 'DetachVolume',
    why: 'to move data volumes to another machine',
    accounts: 'both',
    on: { ours: ['instance', 'volume'] },
  },
  {
    action: 'GetConsoleOutput',
    why: 'to show what a machine wrote on its console',
    accounts: 'both',
    on: { ours: ['instance'] },
  },
  { action: 'ModifyImageAttribute', why: 'to share images with buyers', accounts: 'platform', on: { ours: ['image'] } },
  {
    action: 'ModifySnapshotAttribute',
    why: 'to hand the snapshot of a released volume to its buyer',
    accounts: 'platform',
    on: { ours: ['snapshot'] },
  },
  { action: 'RebootInstances', why: 'to reboot machines', accounts: 'both', on: { ours: ['instance'] } },
  {
    action: 'RevokeSecurityGroupEgress',
    why: 'to keep the machine of a test from calling out',
    accounts: 'both',
    on: { ours: ['security-group'] },
  },
  {
    action: 'RunInstances',
    why: 'to launch machines',
    accounts: 'both',
    on: {
      made: ['instance', 'volume'],
      images: ['image'],
      there: ['key-pair', 'network-interface', 'placement-group', 'security-group', 'snapshot', 'subnet'],
    },
  },
  { action: 'StartInstances', why: 'to start stopped machines', accounts: 'both', on: { ours: ['instance'] } },
  { action: 'StopInstances', why: 'to stop machines', accounts: 'both', on: { ours: ['instance'] } },
  { action: 'TerminateInstances', why: 'to end machines', accounts: 'both', on: { ours: ['instance'] } },
] as const satisfies readonly Permission[];

type Listed = (typeof PERMISSIONS)[number];
export type BuyerAction = Extract<Listed, { accounts: 'buyer' | 'both' }>['action'];

/** What a connection's role needs, for its test. */
export const BUYER_PERMISSIONS = PERMISSIONS.filter((listed) => listed.accounts !== 'platform') as ReadonlyArray<
  Permission & { action: BuyerAction }
>;

/**
 * Ids that nothing has. A test call that names one does nothing whatever EC2 makes of it, and a policy that allows the same call on
 * it lets EC2's two refusals be told apart: "you may not" and "there is none".
 */
export const PROBE: Readonly<Record<Resource, string>> = {
  image: 'ami-00000000000000000',
  instance: 'i-00000000000000000',
  'key-pair': 'slipway-probe',
  'network-interface': 'eni-00000000000000000',
  'placement-group': 'slipway-probe',
  'security-group': 'sg-00000000000000000',
  snapshot: 'snap-00000000000000000',
  subnet: 'subnet-00000000000000000',
  volume: 'vol-00000000000000000',
  vpc: 'vpc-00000000000000000',
};

export interface Statement {
  Sid: string;
  Effect: 'Allow';
  Principal?: { AWS: string };
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** An IAM policy, as IAM's grammar has it. */
export interface Policy {
  Version: '2012-10-17';
  Statement: Statement[];
}

const policy = (...statements: Statement[]): Policy => ({ Version: '2012-10-17', Statement: statements });

/** What a buyer's role may do for us: no more than the launcher calls, and on nothing that is not ours. */
export function buyerPolicy({
  accountId,
  platformAccountId,
  connectionId,
}: {
  accountId: string;
  platformAccountId: string;
  connectionId: string;
}): Policy {
  const bounds: Bounds = { accountId, imagesOf: platformAccountId, tag: connectionId };
  return policy(...statementsFor(BUYER_PERMISSIONS, bounds), probeStatement(BUYER_PERMISSIONS, accountId));
}

/** What the launcher itself may do in the platform's account, and that it may be buyers' roles, each of which says so too. */
export function platformPolicy(accountId: string): Policy {
  const permissions: readonly Permission[] = PERMISSIONS.filter((listed) => (listed.accounts as string) !== 'buyer');
  return policy(...statementsFor(permissions, { accountId, imagesOf: accountId, tag: PLATFORM }), {
    Sid: 'BecomeBuyersRoles',
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Resource: 'arn:aws:iam::*:role/*',
  });
}

/** Who may be a buyer's role: the platform's account, and only when it names this buyer's external id. */
export const trustPolicy = ({ platformAccountId, externalId }: { platformAccountId: string; externalId: string }): Policy =>
  policy({
    Sid: 'Slipway',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${platformAccountId}:root` },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': externalId } },
  });

interface Bounds {
  accountId: string;
  /** Whose images may be launched. */
  imagesOf: string;
  tag: string;
}

/** One statement for all actions that may do the same to the same, so that the policy can be read. */
function statementsFor(permissions: readonly Permission[], bounds: Bounds): Statement[] {
  const groups = new Map<string, { scope: Scope | 'all'; resources: readonly Resource[]; actions: string[] }>();
  for (const { action, scope, resources } of permissions.flatMap(grants)) {
    const key = `${scope} ${resources.join(' ')}`;
    const group = groups.get(key) ?? { scope, resources, actions: [] };
    groups.set(key, { ...group, actions: [...group.actions, action] });
  }
  const statements = [...groups.values()].map(({ scope, resources, actions }) => ({
    Sid: SIDS[scope] + resources.map(pascal).join(''),
    Effect: 'Allow' as const,
    Action: actions.map((action) => `ec2:${action}`),
    Resource: scope === 'all' ? '*' : resources.map((resource) => arnOf(resource, bounds.accountId)),
    ...conditionOf(scope, bounds),
  }));
  return [...statements, taggingStatement(permissions, bounds)];
}

function grants({ action, on }: Permission): Array<{ action: string; scope: Scope | 'all'; resources: readonly Resource[] }> {
  const scopes = Object.entries(on) as Array<[Scope, readonly Resource[]]>;
  if (scopes.length === 0) return [{ action, scope: 'all', resources: [] }];
  return scopes.map(([scope, resources]) => ({ action, scope, resources }));
}

const SIDS: Record<Scope | 'all', string> = { all: 'Look', made: 'Make', ours: 'Keep', images: 'Launch', there: 'Use' };

function conditionOf(scope: Scope | 'all', { imagesOf, tag }: Bounds): Pick<Statement, 'Condition'> {
  if (scope === 'made') return { Condition: { StringEquals: { [`aws:RequestTag/${OWNER_TAG}`]: tag } } };
  if (scope === 'ours') return { Condition: { StringEquals: { [`aws:ResourceTag/${OWNER_TAG}`]: tag } } };
  if (scope === 'images') return { Condition: { StringEquals: { 'ec2:Owner': imagesOf } } };
  return {};
}

/** A resource is tagged in the call that makes it and never later, so that nobody else's can be made ours. */
function taggingStatement(permissions: readonly Permission[], { accountId }: Bounds): Statement {
  const making = permissions.filter(({ on, tags }) => on.made ?? tags);
  const made = [...new Set(making.flatMap(({ on, tags }) => [...(on.made ?? []), ...(tags ?? [])]))].sort();
  return {
    Sid: 'TagWhatIsMade',
    Effect: 'Allow',
    Action: 'ec2:CreateTags',
    Resource: made.map((resource) => arnOf(resource, accountId)),
    Condition: { StringEquals: { 'ec2:CreateAction': making.map(({ action }) => action) } },
  };
}

/** EC2 shows no tags of what is not there, so a test call on a probe would be refused for want of a tag. It opens nothing. */
function probeStatement(permissions: readonly Permission[], accountId: string): Statement {
  const probing = permissions.filter(({ on }) => on.ours ?? on.images);
  const resources = [...new Set(probing.flatMap(({ on }) => [...(on.ours ?? []), ...(on.images ?? [])]))].sort();
  return {
    Sid: 'TestOnWhatIsNotThere',
    Effect: 'Allow',
    Action: probing.map(({ action }) => `ec2:${action}`),
    Resource: resources.map((resource) => arnOf(resource, accountId, PROBE[resource])),
  };
}

/** Images and snapshots have no account in their ARN. */
const arnOf = (resource: Resource, accountId: string, id = '*'): string =>
  `arn:aws:ec2:*:${resource === 'image' || resource === 'snapshot' ? '' : accountId}:${resource}/${id}`;

const pascal = (resource: Resource): string =>
  resource
    .split('-')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('');
