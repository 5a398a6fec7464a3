/** A launch for Terraform (its AWS provider, version 5 or later). */
import { Expression, quoted, toHcl, type Block, type HclValue } from './hcl.ts';
import { GROUP_DESCRIPTION, PARTITIONS, volumeTags, type SnippetOrder } from './order.ts';

const of = (source: string): Expression => new Expression(source);

export const terraform = (order: SnippetOrder): string =>
  toHcl([
    {
      head: ['terraform'],
      attributes: {},
      blocks: [{ head: ['required_providers'], attributes: { aws: { source: 'hashicorp/aws', version: '>= 5.0' } } }],
    },
    { head: ['provider', 'aws'], attributes: { region: order.region } },
    ...network(order),
    firewall(order),
    ...placementGroup(order),
    machine(order),
    ...order.dataVolumes.flatMap((volume, at) => disk(order, volume, `volume_${at + 1}`)),
    { head: ['output', 'url'], attributes: { value: url(order), description: 'Where the appliance answers, once it is up' } },
    { head: ['output', 'instance_id'], attributes: { value: of('aws_instance.machine.id') } },
  ]);

/** A group has to be in the network of the machine's subnet. */
const network = ({ subnetId }: SnippetOrder): Block[] =>
  subnetId === null ? [] : [{ head: ['data', 'aws_subnet', 'machine'], attributes: { id: subnetId } }];

const firewall = ({ subnetId, firewall: rules, tags }: SnippetOrder): Block => ({
  head: ['resource', 'aws_security_group', 'machine'],
  attributes: {
    description: GROUP_DESCRIPTION,
    ...(subnetId === null ? {} : { vpc_id: of('data.aws_subnet.machine.vpc_id') }),
    tags,
  },
  blocks: [
    ...rules.map(({ protocol, port, from }): Block => ({
      head: ['ingress'],
      attributes: { protocol, from_port: port, to_port: port, cidr_blocks: [from] },
    })),
    { head: ['egress'], attributes: { protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] } },
  ],
});

const placementGroup = ({ placement }: SnippetOrder): Block[] =>
  placement === 'none'
    ? []
    : [
        {
          head: ['resource', 'aws_placement_group', 'machine'],
          attributes: {
            // Its name cannot be left to AWS; the group's is made up for this machine alone.
            name: of('aws_security_group.machine.id'),
            strategy: placement,
            ...(placement === 'partition' ? { partition_count: PARTITIONS } : { spread_level: 'rack' }),
          },
        },
      ];

const machine = (order: SnippetOrder): Block => ({
  head: ['resource', 'aws_instance', 'machine'],
  attributes: {
    ami: order.imageId,
    instance_type: order.instanceType,
    ...(order.zone === null ? {} : { availability_zone: order.zone }),
    ...(order.keyName === null ? {} : { key_name: order.keyName }),
    ...(order.subnetId === null ? {} : { subnet_id: of('data.aws_subnet.machine.id') }),
    ...(order.placement === 'none' ? {} : { placement_group: of('aws_placement_group.machine.name') }),
    vpc_security_group_ids: [of('aws_security_group.machine.id')],
    ...userData(order),
    tags: order.tags,
  },
  blocks: [
    {
      head: ['metadata_options'],
      attributes: { http_tokens: 'required', http_endpoint: 'enabled', http_put_response_hop_limit: 2 },
    },
    ...(order.isSpot ? [{ head: ['instance_market_options'] as const, attributes: { market_type: 'spot' } }] : []),
    { head: ['root_block_device'], attributes: { tags: order.tags } },
  ],
});

/** Terraform puts texts into Unicode's normal form C; what is not in it goes as bytes. */
const userData = ({ userData: text }: SnippetOrder): Record<string, HclValue> =>
  text.normalize('NFC') === text
    ? { user_data: text }
    : { user_data_base64: btoa(String.fromCodePoint(...new TextEncoder().encode(text))) };

/** Data outlives what is destroyed, as a snapshot. */
const disk = (order: SnippetOrder, { name, device, sizeGib, type }: SnippetOrder['dataVolumes'][number], id: string): Block[] => [
  {
    head: ['resource', 'aws_ebs_volume', id],
    attributes: {
      availability_zone: of('aws_instance.machine.availability_zone'),
      size: sizeGib,
      type,
      final_snapshot: true,
      tags: volumeTags(order, name),
    },
  },
  {
    head: ['resource', 'aws_volume_attachment', id],
    attributes: { device_name: device, volume_id: of(`aws_ebs_volume.${id}.id`), instance_id: of('aws_instance.machine.id') },
  },
];

/** Texts and the address, joined: nobody's text is written into an expression but as a literal. */
function url({ urlTemplate }: SnippetOrder): HclValue {
  const parts = urlTemplate
    .split('{address}')
    .flatMap((text, at) => [...(at > 0 ? ['aws_instance.machine.public_ip'] : []), quoted(text)]);
  return of(`join("", [${parts.join(', ')}])`);
}
