/** Where EC2 puts machines: zones and placement groups. Every call throws Ec2Error. */
import {
  CreatePlacementGroupCommand,
  DescribeAvailabilityZonesCommand,
  DescribePlacementGroupsCommand,
} from '@aws-sdk/client-ec2';
import { Injectable } from '@nestjs/common';
import { Ec2Clients, tagList, type Tags } from './clients.ts';
import type { Ec2Error } from './ec2.errors.ts';
import type { Place } from './place.ts';

/** The most there are in a zone (EC2 user guide, "Placement groups"). */
const PARTITIONS = 7;

@Injectable()
export class Ec2Placement {
  constructor(private readonly ec2: Ec2Clients) {}

  /** Makes a placement group, when there is none of that name. @returns its name. */
  async groupFor(place: Place, name: string, strategy: 'spread' | 'partition', tags: Tags): Promise<string> {
    if (await this.isThere(place, name)) return name;
    const command = new CreatePlacementGroupCommand({
      GroupName: name,
      Strategy: strategy,
      ...(strategy === 'partition' ? { PartitionCount: PARTITIONS } : { SpreadLevel: 'rack' }),
      TagSpecifications: [{ ResourceType: 'placement-group', Tags: tagList(tags) }],
    });
    await this.ec2
      .call(place, (ec2) => ec2.send(command))
      .catch((error: Ec2Error) => {
        // Another worker was faster.
        if (error.code !== 'InvalidPlacementGroup.Duplicate') throw error;
      });
    return name;
  }

  /** Whether EC2 says that a zone can be used; what is not there cannot. */
  async isZoneUp(place: Place, zone: string): Promise<boolean> {
    const command = new DescribeAvailabilityZonesCommand({ AllAvailabilityZones: true });
    const { AvailabilityZones: zones = [] } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return zones.some((one) => one.ZoneName === zone && one.State === 'available');
  }

  private async isThere(place: Place, name: string): Promise<boolean> {
    const command = new DescribePlacementGroupsCommand({ Filters: [{ Name: 'group-name', Values: [name] }] });
    const { PlacementGroups: groups = [] } = await this.ec2.call(place, (ec2) => ec2.send(command));
    return groups.some(({ State }) => State === 'pending' || State === 'available');
  }
}
