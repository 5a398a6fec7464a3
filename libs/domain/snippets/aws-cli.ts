/**
 * A launch as a shell script of AWS CLI calls. Texts go in as JSON in single quotes and in ASCII: neither the shell nor the CLI finds
 * anything in it that it could take for something else (the CLI reads `file://…` from a file when it stands in an option of its own).
 */
import { GROUP_DESCRIPTION, PARTITIONS, volumeTags, type SnippetOrder } from './order.ts';

export function awsCli(order: SnippetOrder): string {
  const needsAddress = order.urlTemplate.includes('{address}');
  const steps = [
    group(order),
    firewall(order),
    ...placementGroup(order),
    machine(order),
    'echo "Launched $machine; waiting until it runs."',
    `aws ec2 wait instance-running --instance-ids "$machine"`,
    ...order.dataVolumes.map((volume) => disk(order, volume)),
    ...(needsAddress ? [`address=$(${described('PublicIpAddress')})`] : []),
    `echo ${order.urlTemplate
      .split('{address}')
      .map((text) => (text === '' ? '' : single(text)))
      .join('"$address"')}`,
  ];
  return `${[...opening(order), ...steps].join('\n')}\n`;
}

const opening = ({ name, region }: SnippetOrder): string[] => [
  '#!/bin/sh',
  `# ${name.replaceAll(/[^\x20-\x7e]/g, ' ')}, launched from Slipway. It needs the AWS CLI, signed in to the account that has the image.`,
  'set -eu',
  `export AWS_DEFAULT_REGION=${single(region)} AWS_REGION=${single(region)} AWS_PAGER=`,
  // A group's name is taken once: this makes another machine each time it is run.
  'name="slipway-$(date +%Y%m%d%H%M%S)-$$"',
];

/** A group has to be in the network of the machine's subnet. */
function group({ subnetId }: SnippetOrder): string {
  const network = `network=$(aws ec2 describe-subnets --subnet-ids ${single(subnetId ?? '')} --query 'Subnets[0].VpcId' --output text)\n`;
  const [before, option] = subnetId === null ? ['', ''] : [network, ' --vpc-id "$network"'];
  return `${before}group=$(aws ec2 create-security-group --group-name "$name" --description ${single(GROUP_DESCRIPTION)}${option} --query GroupId --output text)`;
}

const firewall = ({ firewall: rules }: SnippetOrder): string =>
  `aws ec2 authorize-security-group-ingress --group-id "$group" --output text --ip-permissions ${json(
    rules.map(({ protocol, port, from }) => ({
      IpProtocol: protocol,
      FromPort: port,
      ToPort: port,
      IpRanges: [{ CidrIp: from }],
    })),
  )}`;

const placementGroup = ({ placement }: SnippetOrder): string[] =>
  placement === 'none'
    ? []
    : [
        `aws ec2 create-placement-group --group-name "$name" --strategy ${placement} ${
          placement === 'partition' ? `--partition-count ${PARTITIONS}` : '--spread-level rack'
        } --output text`,
      ];

/** The group's and the placement's names are known to the shell alone, so these are options beside the JSON. */
function machine(order: SnippetOrder): string {
  const input = {
    MinCount: 1,
    MaxCount: 1,
    ImageId: order.imageId,
    InstanceType: order.instanceType,
    ...(order.keyName === null ? {} : { KeyName: order.keyName }),
    ...(order.subnetId === null ? {} : { SubnetId: order.subnetId }),
    ...(order.isSpot ? { InstanceMarketOptions: { MarketType: 'spot' } } : {}),
    MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 2 },
    UserData: order.userData,
    TagSpecifications: ['instance', 'volume'].map((type) => ({ ResourceType: type, Tags: tagList(order.tags) })),
  };
  const parts = [
    ...(order.zone === null ? [] : [`AvailabilityZone=${order.zone}`]),
    ...(order.placement === 'none' ? [] : ['GroupName=$name']),
  ];
  const placement = parts.length === 0 ? '' : ` --placement "${parts.join(',')}"`;
  return `machine=$(aws ec2 run-instances --security-group-ids "$group"${placement} --query 'Instances[0].InstanceId' --output text --cli-input-json ${json(input)})`;
}

/** A disk is made where the machine is. */
function disk(order: SnippetOrder, { name, device, sizeGib, type }: SnippetOrder['dataVolumes'][number]): string {
  const tags = json([{ ResourceType: 'volume', Tags: tagList(volumeTags(order, name)) }]);
  return [
    `zone=$(${described('Placement.AvailabilityZone')})`,
    `volume=$(aws ec2 create-volume --availability-zone "$zone" --size ${sizeGib} --volume-type ${type} --tag-specifications ${tags} --query VolumeId --output text)`,
    'aws ec2 wait volume-available --volume-ids "$volume"',
    `aws ec2 attach-volume --volume-id "$volume" --instance-id "$machine" --device ${single(device)} --output text`,
  ].join('\n');
}

const described = (member: string): string =>
  `aws ec2 describe-instances --instance-ids "$machine" --query 'Reservations[0].Instances[0].${member}' --output text`;

const tagList = (tags: Readonly<Record<string, string>>): Array<{ Key: string; Value: string }> =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** JSON without a character that is not ASCII, for a shell. */
const json = (data: unknown): string =>
  single(JSON.stringify(data).replaceAll(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`));

/** One word for a shell, whatever is in it. */
export const single = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
