/** What an instance can ask about itself: a tree of texts, and the listing that a path to a branch gives. */
import { tagsOf } from '../ec2/tags.ts';
import { privateName, publicName, type Instance } from '../ec2/instance-state.ts';
import { zonesOf } from '../ec2/regions.ts';
import type { World } from '../ec2/world.ts';
import { identityDocument, type Identity } from './identity.ts';

type Leaf = string | Buffer | (() => Promise<string>);
interface Branch {
  [name: string]: Leaf | Branch | undefined;
}

export function treeOf(world: World, identity: Identity, instance: Instance): Branch {
  const document = identityDocument(instance);
  return {
    'meta-data': { ...metaData(world, instance), ...spotData(world, instance) },
    'user-data': instance.userData === undefined ? undefined : Buffer.from(instance.userData, 'base64'),
    dynamic: {
      'instance-identity': {
        document,
        pkcs7: '',
        rsa2048: () => identity.pkcs7(document).then(wrapped),
        signature: wrapped(identity.signature(document)),
      },
    },
  };
}

/**
 * @param path below `latest`, without a leading slash.
 * @returns undefined when there is nothing of that name.
 */
export async function textAt(tree: Branch, path: string): Promise<string | Buffer | undefined> {
  let node: Leaf | Branch | undefined = tree;
  for (const part of path.split('/').filter((name) => name !== '')) {
    if (!isBranch(node) || !Object.hasOwn(node, part)) return undefined;
    node = node[part];
  }
  if (typeof node === 'function') return node();
  return isBranch(node) ? listing(node) : node;
}

const isBranch = (node: Leaf | Branch | undefined): node is Branch => typeof node === 'object' && !Buffer.isBuffer(node);

const listing = (branch: Branch): string =>
  Object.entries(branch)
    .filter(([, node]) => node !== undefined)
    .map(([name, node]) => (isBranch(node) ? `${name}/` : name))
    .join('\n');

function metaData(world: World, instance: Instance): Branch {
  const tags = tagsOf({ world, accountId: instance.accountId }, instance.instanceId);
  return {
    'ami-id': instance.imageId,
    'ami-launch-index': String(instance.launchIndex),
    hostname: privateName(instance),
    'instance-id': instance.instanceId,
    'instance-life-cycle': instance.spot ? 'spot' : 'on-demand',
    'instance-type': instance.instanceType,
    'local-hostname': privateName(instance),
    'local-ipv4': instance.privateIp,
    placement: {
      'availability-zone': instance.zone,
      'availability-zone-id': zonesOf(instance.region).find((zone) => zone.name === instance.zone)?.id,
      region: instance.region,
      'group-name': instance.membership?.groupName,
      'partition-number': instance.membership?.partition?.toString(),
    },
    'public-keys': instance.publicKey
      ? { '0': { 'openssh-key': `${instance.publicKey} ${instance.keyName ?? ''}\n` } }
      : undefined,
    'public-hostname': instance.publicIp ? publicName(instance) : undefined,
    'public-ipv4': instance.publicIp,
    'reservation-id': instance.reservationId,
    'security-groups': instance.groupIds.map((groupId) => world.securityGroups.get(groupId)?.name ?? 'default').join('\n'),
    services: { domain: 'amazonaws.com', partition: 'aws' },
    tags: instance.metadata.tags === 'enabled' ? { instance: tags } : undefined,
  };
}

/** The notice of a spot instance that is about to be taken back; there is nothing of these names before. */
function spotData(world: World, { spot }: Instance): Branch {
  const { notice } = spot ?? {};
  if (!notice || notice.at > world.clock.now().getTime()) return {};
  const second = (at: number): string => new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const time = second(notice.endsAt);
  return {
    spot: { 'instance-action': JSON.stringify({ action: 'terminate', time }), 'termination-time': time },
    events: { recommendations: { rebalance: JSON.stringify({ noticeTime: second(notice.at) }) } },
  };
}

/** IMDS breaks base64 into lines. */
const wrapped = (base64: string): string => base64.replaceAll(/(.{64})(?=.)/g, '$1\n');
