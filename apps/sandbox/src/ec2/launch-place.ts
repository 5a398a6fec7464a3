/** Where a launch goes: the subnet and so the zone that it names, or else one with room. */
import { VendorError } from '../vendor-error.ts';
import type { Call } from './call.ts';
import { mustHaveRoom, roomFor } from './capacity.ts';
import { invalidValue } from './input.ts';
import type { LaunchInput } from './launch-input.ts';
import { subnetNamed, subnetsOf, type Subnet } from './network.ts';
import type { PlacementInput } from './placement.ts';
import type { PlacementGroup } from './placement-group-state.ts';
import { zoneNamed, zonesOf, type Zone } from './regions.ts';

export interface Site {
  subnet: Subnet;
  /** As many as there is room for, up to MaxCount. */
  count: number;
}

/** @throws VendorError for a place that does not exist, or has no room for MinCount instances. */
export function siteFor(call: Call, asked: LaunchInput, group: PlacementGroup | undefined): Site {
  const { InstanceType: instanceType, MinCount, MaxCount } = asked;
  const wantedIn = ({ zone }: Subnet) => ({ zone: zone.name, instanceType, group });
  const possible = subnetsFor(call, asked);
  const best =
    possible.find((subnet) => roomFor(call, wantedIn(subnet)) >= MaxCount) ??
    possible.find((subnet) => roomFor(call, wantedIn(subnet)) >= MinCount) ??
    possible[0];
  if (!best) throw new VendorError('MissingInput', 'No default subnet for the availability zone.');
  mustHaveRoom(call, wantedIn(best), MinCount);
  return { subnet: best, count: Math.min(MaxCount, roomFor(call, wantedIn(best))) };
}

/** The one that is asked for, or those of all zones when none is. */
function subnetsFor(call: Call, asked: LaunchInput): Subnet[] {
  const [network] = asked.NetworkInterface ?? [];
  if (network && (asked.SubnetId || asked.SecurityGroupId.length > 0)) {
    throw new VendorError(
      'InvalidParameterCombination',
      'Network interfaces and an instance-level subnet ID or security groups may not be specified on the same request',
    );
  }
  const subnetId = asked.SubnetId ?? network?.SubnetId;
  const zone = zoneAsked(call, asked.Placement);
  if (!subnetId) return subnetsOf(call).filter((candidate) => !zone || candidate.zone.name === zone.name);
  const subnet = subnetNamed(call, subnetId);
  if (zone && zone.name !== subnet.zone.name) {
    throw new VendorError(
      'InvalidParameterValue',
      `The availability zone '${zone.name}' does not match that of the subnet '${subnet.subnetId}'`,
    );
  }
  return [subnet];
}

function zoneAsked({ region }: Call, { AvailabilityZone: name, AvailabilityZoneId: id }: PlacementInput): Zone | undefined {
  if (name !== undefined) return zoneNamed(region, name);
  if (id === undefined) return undefined;
  const zone = zonesOf(region).find((candidate) => candidate.id === id);
  if (!zone) throw invalidValue('AvailabilityZoneId', id);
  return zone;
}
