/** The regions and zones that the sandbox has. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { action, type Actions } from './call.ts';
import { filtered } from './filters.ts';
import { filters, flag, invalidValue, text } from './input.ts';

/** Region, and the short name that its zone ids start with. */
const REGIONS: Record<string, string> = {
  'us-east-1': 'use1',
  'us-east-2': 'use2',
  'us-west-1': 'usw1',
  'us-west-2': 'usw2',
  'ca-central-1': 'cac1',
  'eu-central-1': 'euc1',
  'eu-west-1': 'euw1',
  'eu-west-2': 'euw2',
  'eu-north-1': 'eun1',
  'ap-south-1': 'aps1',
  'ap-northeast-1': 'apne1',
  'ap-southeast-1': 'apse1',
  'ap-southeast-2': 'apse2',
  'sa-east-1': 'sae1',
};

export const isRegion = (name: string): boolean => Object.hasOwn(REGIONS, name);

export interface Zone {
  name: string;
  id: string;
  region: string;
  /** 0, 1, 2: the position in the region, which also numbers its default subnet. */
  index: number;
}

/** Three zones in every region. */
export const zonesOf = (region: string): Zone[] =>
  ['a', 'b', 'c'].map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${REGIONS[region] ?? region}-az${index + 1}`,
    region,
    index,
  }));

/** Whether there is such a zone, in whichever region. */
export const isZone = (name: string): boolean =>
  zonesOf(name.slice(0, -1)).some((zone) => zone.name === name && isRegion(zone.region));

/** @throws VendorError InvalidParameterValue naming the zone. */
export function zoneNamed(region: string, name: string): Zone {
  const zone = zonesOf(region).find((candidate) => candidate.name === name);
  if (!zone) throw new VendorError('InvalidParameterValue', `Invalid availability zone: [${name}]`);
  return zone;
}

export const regionActions: Actions = {
  DescribeRegions: action({ RegionName: z.array(text).optional(), AllRegions: flag.optional(), Filter: filters }, (_, input) => {
    for (const name of input.RegionName ?? []) if (!isRegion(name)) throw invalidValue('region', name);
    const named = Object.keys(REGIONS).filter((name) => !input.RegionName || input.RegionName.includes(name));
    const shown = filtered(named, input.Filter, {
      'region-name': (name) => [name],
      endpoint: (name) => [endpointOf(name)],
      'opt-in-status': () => ['opt-in-not-required'],
    });
    return {
      regionInfo: shown.map((name) => ({
        regionName: name,
        regionEndpoint: endpointOf(name),
        optInStatus: 'opt-in-not-required',
      })),
    };
  }),

  DescribeAvailabilityZones: action(
    {
      ZoneName: z.array(text).optional(),
      ZoneId: z.array(text).optional(),
      AllAvailabilityZones: flag.optional(),
      Filter: filters,
    },
    ({ region, world }, input) => {
      const zones = zonesOf(region);
      for (const name of input.ZoneName ?? []) zoneNamed(region, name);
      for (const id of input.ZoneId ?? []) if (!zones.some((zone) => zone.id === id)) throw invalidValue('zoneId', id);
      const named = zones.filter(
        (zone) => (!input.ZoneName || input.ZoneName.includes(zone.name)) && (!input.ZoneId || input.ZoneId.includes(zone.id)),
      );
      const shown = filtered(named, input.Filter, {
        'zone-name': (zone) => [zone.name],
        'zone-id': (zone) => [zone.id],
        'region-name': (zone) => [zone.region],
        'zone-type': () => ['availability-zone'],
        state: (zone) => [world.weather.isDown(zone.name) ? 'unavailable' : 'available'],
        'opt-in-status': () => ['opt-in-not-required'],
      });
      return {
        availabilityZoneInfo: shown.map((zone) => ({
          zoneName: zone.name,
          zoneId: zone.id,
          regionName: zone.region,
          zoneState: world.weather.isDown(zone.name) ? 'unavailable' : 'available',
          zoneType: 'availability-zone',
          optInStatus: 'opt-in-not-required',
          groupName: `${zone.region}-zg-1`,
          networkBorderGroup: zone.region,
          messageSet: world.weather.isDown(zone.name) ? [{ message: 'The sandbox was told that this zone fails.' }] : [],
        })),
      };
    },
  ),
};

const endpointOf = (region: string): string => `ec2.${region}.amazonaws.com`;
