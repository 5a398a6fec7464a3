/** The default network of every account in every region: one VPC, one public subnet in each zone. Derived, never stored. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { action, type Actions, type Call } from './call.ts';
import { filtered, paged } from './filters.ts';
import { filters, paging, text } from './input.ts';
import { zonesOf, type Zone } from './regions.ts';
import { derivedId } from './world.ts';

export interface Subnet {
  subnetId: string;
  vpcId: string;
  zone: Zone;
  cidr: string;
}

type Place = Pick<Call, 'accountId' | 'region'>;

export const defaultVpcId = ({ accountId, region }: Place): string => derivedId('vpc', accountId, region);

/** Default subnets are public: an instance in one gets a public address unless the launch says otherwise. */
export const subnetsOf = (place: Place): Subnet[] =>
  zonesOf(place.region).map((zone) => ({
    subnetId: derivedId('subnet', place.accountId, zone.name),
    vpcId: defaultVpcId(place),
    zone,
    cidr: `172.31.${zone.index * 16}.0/20`,
  }));

/** @throws VendorError InvalidSubnetID.NotFound, also for another account's. */
export function subnetNamed(place: Place, subnetId: string): Subnet {
  const subnet = subnetsOf(place).find((candidate) => candidate.subnetId === subnetId);
  if (!subnet) throw new VendorError('InvalidSubnetID.NotFound', `The subnet ID '${subnetId}' does not exist`);
  return subnet;
}

/** The `number`th private address of a subnet; the first four of a subnet are the network's own. */
export function privateAddress(subnet: Subnet, number: number): string {
  const host = 4 + (number % (4096 - 5));
  return `172.31.${subnet.zone.index * 16 + (host >> 8)}.${host & 255}`;
}

export const networkActions: Actions = {
  DescribeVpcs: action({ VpcId: z.array(text).optional(), Filter: filters, ...paging }, (call, input) => {
    const vpcId = defaultVpcId(call);
    const unknown = input.VpcId?.find((id) => id !== vpcId);
    if (unknown) throw new VendorError('InvalidVpcID.NotFound', `The vpc ID '${unknown}' does not exist`);
    const shown = filtered([vpcId], input.Filter, {
      'vpc-id': (id) => [id],
      'is-default': () => ['true'],
      isDefault: () => ['true'],
      state: () => ['available'],
      'owner-id': () => [call.accountId],
    });
    const page = paged(shown, () => 1, input);
    return {
      vpcSet: page.items.map((id) => ({
        vpcId: id,
        ownerId: call.accountId,
        state: 'available',
        cidrBlock: '172.31.0.0/16',
        isDefault: true,
        instanceTenancy: 'default',
      })),
      nextToken: page.nextToken,
    };
  }),

  DescribeSubnets: action({ SubnetId: z.array(text).optional(), Filter: filters, ...paging }, (call, input) => {
    const named = input.SubnetId?.map((id) => subnetNamed(call, id)) ?? subnetsOf(call);
    const shown = filtered(named, input.Filter, {
      'subnet-id': (subnet) => [subnet.subnetId],
      'vpc-id': (subnet) => [subnet.vpcId],
      'availability-zone': (subnet) => [subnet.zone.name],
      availabilityZone: (subnet) => [subnet.zone.name],
      'availability-zone-id': (subnet) => [subnet.zone.id],
      'default-for-az': () => ['true'],
      defaultForAz: () => ['true'],
      state: () => ['available'],
      'owner-id': () => [call.accountId],
    });
    const page = paged(shown, (subnet) => subnet.zone.index, input);
    return {
      subnetSet: page.items.map((subnet) => ({
        subnetId: subnet.subnetId,
        vpcId: subnet.vpcId,
        ownerId: call.accountId,
        state: 'available',
        cidrBlock: subnet.cidr,
        availableIpAddressCount: 4091,
        availabilityZone: subnet.zone.name,
        availabilityZoneId: subnet.zone.id,
        defaultForAz: true,
        mapPublicIpOnLaunch: true,
        assignIpv6AddressOnCreation: false,
      })),
      nextToken: page.nextToken,
    };
  }),
};
