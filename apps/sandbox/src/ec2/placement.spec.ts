/** Placement groups, zones and the offers of instance types, through the official SDK. */
import {
  CreatePlacementGroupCommand,
  DeletePlacementGroupCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribePlacementGroupsCommand,
  EC2Client,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  type Placement,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, ec2Of, refusal } from '../testing/clients.ts';

let sandbox: Sandbox;
let ec2: EC2Client;

beforeAll(async () => {
  sandbox = await startSandbox({ bootMs: 0 });
  ec2 = ec2Of(sandbox);
});
afterAll(() => sandbox.close());

const run = async (Placement: Placement, MinCount = 1, MaxCount = MinCount) =>
  (await ec2.send(new RunInstancesCommand({ ImageId: ACME_VAULT, InstanceType: 't3.micro', MinCount, MaxCount, Placement })))
    .Instances ?? [];

const make = (GroupName: string, Strategy: 'spread' | 'partition' | 'cluster', PartitionCount?: number) =>
  ec2.send(new CreatePlacementGroupCommand({ GroupName, Strategy, PartitionCount }));

const remove = (GroupName: string) => ec2.send(new DeletePlacementGroupCommand({ GroupName }));
const ids = (instances: Array<{ InstanceId?: string }>) => instances.map((instance) => instance.InstanceId ?? '');

describe('a spread group', () => {
  it('runs seven in each zone and no more, also when one is started again', async () => {
    await make('apart', 'spread');
    const zone = { GroupName: 'apart', AvailabilityZone: 'us-east-1a' };
    const made = await run(zone, 5);
    expect(made[0]?.Placement).toMatchObject({ GroupName: 'apart', GroupId: expect.stringMatching(/^pg-/) });
    expect(await run(zone, 1, 4)).toHaveLength(2);
    expect(await refusal(run(zone))).toMatchObject({ code: 'InstanceLimitExceeded', status: 400 });
    expect(await run({ ...zone, AvailabilityZone: 'us-east-1b' })).toHaveLength(1);

    const [first = '', second = ''] = ids(made);
    await ec2.send(new StopInstancesCommand({ InstanceIds: [first] }));
    expect(await run(zone)).toHaveLength(1);
    const start = () => ec2.send(new StartInstancesCommand({ InstanceIds: [first] }));
    expect(await refusal(start())).toMatchObject({ code: 'InstanceLimitExceeded' });
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [second] }));
    await expect(start()).resolves.toBeDefined();
  });
});

describe('a partition group', () => {
  it('puts an instance where it was asked to, or where there are fewest, and is found by it', async () => {
    await make('racks', 'partition', 3);
    await run({ GroupName: 'racks', PartitionNumber: 1 }, 2);
    await run({ GroupName: 'racks' }, 3);
    const find = async (partition: string) => {
      const Filters = [
        { Name: 'placement-group-name', Values: ['racks'] },
        { Name: 'placement-partition-number', Values: [partition] },
      ];
      return (await ec2.send(new DescribeInstancesCommand({ Filters }))).Reservations?.flatMap((one) => one.Instances ?? []);
    };
    expect([await find('1'), await find('2'), await find('3')].map((found) => found?.length)).toEqual([2, 2, 1]);
    expect((await find('3'))?.[0]?.Placement?.PartitionNumber).toBe(3);
    expect(await refusal(run({ GroupName: 'racks', PartitionNumber: 4 }))).toMatchObject({ code: 'InvalidParameterValue' });
    expect(await refusal(run({ PartitionNumber: 1 }))).toMatchObject({ code: 'InvalidParameterCombination' });
  });
});

it('a group has a name of its own, is shown, and is deleted when nobody is in it', async () => {
  await make('alone', 'partition', 2);
  expect(await refusal(make('alone', 'spread'))).toMatchObject({ code: 'InvalidPlacementGroup.Duplicate', status: 400 });
  expect(await refusal(make('close', 'cluster'))).toMatchObject({ code: 'InvalidParameterValue' });
  expect(await refusal(make('many', 'partition', 8))).toMatchObject({ code: 'InvalidParameterValue' });
  const seen = await ec2.send(new DescribePlacementGroupsCommand({ GroupNames: ['alone'] }));
  expect(seen.PlacementGroups).toMatchObject([
    { GroupName: 'alone', Strategy: 'partition', PartitionCount: 2, State: 'available' },
  ]);
  const made = await run({ GroupId: seen.PlacementGroups?.[0]?.GroupId });
  expect(await refusal(remove('alone'))).toMatchObject({ code: 'InvalidPlacementGroup.InUse' });
  await ec2.send(new TerminateInstancesCommand({ InstanceIds: ids(made) }));
  await remove('alone');
  expect(await refusal(run({ GroupName: 'alone' }))).toMatchObject({ code: 'InvalidPlacementGroup.Unknown' });
});

it('a zone may be named by its id', async () => {
  const [made] = await run({ AvailabilityZoneId: 'use1-az3' });
  expect(made?.Placement?.AvailabilityZone).toBe('us-east-1c');
  expect(await refusal(run({ AvailabilityZoneId: 'use1-az9' }))).toMatchObject({ code: 'InvalidParameterValue' });
});

it('says which instance types a zone has', async () => {
  const ask = async (LocationType?: 'availability-zone') => {
    const Filters = [{ Name: 'instance-type', Values: ['m7g.*'] }];
    const answer = await ec2.send(new DescribeInstanceTypeOfferingsCommand({ LocationType, Filters }));
    return answer.InstanceTypeOfferings?.map((offer) => offer.Location);
  };
  expect(await ask()).toEqual(['us-east-1', 'us-east-1', 'us-east-1']);
  expect(new Set(await ask('availability-zone'))).toEqual(new Set(['us-east-1a', 'us-east-1b', 'us-east-1c']));
});
