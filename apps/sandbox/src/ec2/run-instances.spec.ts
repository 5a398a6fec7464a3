/** RunInstances, through the official SDK: what it makes, what a repeat gives, what it refuses. */
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand, type RunInstancesCommandInput } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, control, ec2Of, refusal } from '../testing/clients.ts';

let sandbox: Sandbox;
let ec2: EC2Client;

beforeAll(async () => {
  sandbox = await startSandbox({ copyMs: 60_000 });
  ec2 = ec2Of(sandbox);
});
afterAll(() => sandbox.close());

const run = (input: Partial<RunInstancesCommandInput> = {}) =>
  ec2.send(new RunInstancesCommand({ ImageId: ACME_VAULT, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...input }));

describe('RunInstances', () => {
  it('makes a pending instance of the caller, with addresses, placement, tags and metadata options', async () => {
    const made = await run({
      Placement: { AvailabilityZone: 'us-east-1b' },
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'slipway:launch', Value: 'a & b <c>' }] }],
      MetadataOptions: { HttpTokens: 'required', InstanceMetadataTags: 'enabled' },
    });
    const [instance] = made.Instances ?? [];
    expect(made.ReservationId).toMatch(/^r-/);
    expect(made.OwnerId).toBe('111122223333');
    expect(instance?.InstanceId).toMatch(/^i-[0-9a-f]{17}$/);
    expect(instance?.State).toEqual({ Code: 0, Name: 'pending' });
    expect(instance?.StateReason).toEqual({ Code: 'pending', Message: 'pending' });
    expect(instance?.Placement?.AvailabilityZone).toBe('us-east-1b');
    expect(instance?.PublicIpAddress).toMatch(/^127\.16\./);
    expect(instance?.PrivateIpAddress).toMatch(/^172\.31\./);
    expect(instance?.LaunchTime).toBeInstanceOf(Date);
    expect(instance?.Tags).toEqual([{ Key: 'slipway:launch', Value: 'a & b <c>' }]);
    expect(instance?.MetadataOptions?.HttpTokens).toBe('required');
  });

  it('gives the same instance to the same token, however often it is sent', async () => {
    const [first, second] = await Promise.all([run({ ClientToken: 'launch-7' }), run({ ClientToken: 'launch-7' })]);
    const third = await run({ ClientToken: 'launch-7' });
    const ids = [first, second, third].map((answer) => answer.Instances?.[0]?.InstanceId);
    expect(new Set(ids).size).toBe(1);
    expect(third.ReservationId).toBe(first.ReservationId);
    const seen = await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'client-token', Values: ['launch-7'] }] }));
    expect(seen.Reservations).toHaveLength(1);
  });

  it('refuses a token that comes back with other parameters', async () => {
    await run({ ClientToken: 'launch-8' });
    expect(await refusal(run({ ClientToken: 'launch-8', InstanceType: 't3.small' }))).toMatchObject({
      code: 'IdempotentParameterMismatch',
      status: 400,
    });
  });

  it('takes one token in two regions as two launches', async () => {
    await control(sandbox, '/images', {
      name: 'acme-vault',
      ownerId: '222233334444',
      region: 'eu-west-1',
      imageId: 'ami-0acce550000000e01',
      launchPermissions: ['all'],
    });
    const europe = ec2Of(sandbox, { region: 'eu-west-1' });
    const here = await run({ ClientToken: 'launch-9' });
    const there = await europe.send(
      new RunInstancesCommand({
        ImageId: 'ami-0acce550000000e01',
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        ClientToken: 'launch-9',
      }),
    );
    expect(there.Instances?.[0]?.InstanceId).not.toBe(here.Instances?.[0]?.InstanceId);
    expect(there.Instances?.[0]?.Placement?.AvailabilityZone).toBe('eu-west-1a');
  });

  it('makes as many as MaxCount under one reservation', async () => {
    const made = await run({ MinCount: 2, MaxCount: 3 });
    expect(made.Instances?.map((instance) => instance.AmiLaunchIndex)).toEqual([0, 1, 2]);
    expect(new Set(made.Instances?.map((instance) => instance.PublicIpAddress)).size).toBe(3);
  });

  it.each([
    ['an image that does not exist', { ImageId: 'ami-0123456789abcdef0' }, 'InvalidAMIID.NotFound'],
    ['an image id of the wrong shape', { ImageId: 'ami-acme' }, 'InvalidAMIID.Malformed'],
    ['an instance type that nobody has', { InstanceType: 't9.mega' as 't3.micro' }, 'InvalidParameterValue'],
    ['an arm64 type for an x86_64 image', { InstanceType: 'm7g.large' }, 'InvalidParameterValue'],
    ['fewer than one instance', { MinCount: 0 }, 'InvalidParameterValue'],
    ['a maximum below the minimum', { MinCount: 2, MaxCount: 1 }, 'InvalidParameterValue'],
    ['a zone of another region', { Placement: { AvailabilityZone: 'eu-west-1a' } }, 'InvalidParameterValue'],
    ['a subnet that does not exist', { SubnetId: 'subnet-0123456789abcdef0' }, 'InvalidSubnetID.NotFound'],
    ['a security group that does not exist', { SecurityGroupIds: ['sg-0123456789abcdef0'] }, 'InvalidGroup.NotFound'],
    ['user data that is not base64', { UserData: 'öäü' }, 'InvalidParameterValue'],
    ['more than 16 KB of user data', { UserData: Buffer.alloc(16_385).toString('base64') }, 'InvalidParameterValue'],
    ['a token of 65 characters', { ClientToken: 'x'.repeat(65) }, 'InvalidParameterValue'],
    [
      'a reserved tag',
      { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'aws:x', Value: 'y' }] }] },
      'InvalidParameterValue',
    ],
  ] satisfies Array<[string, Partial<RunInstancesCommandInput>, string]>)('refuses %s', async (_, input, code) => {
    expect(await refusal(run(input))).toMatchObject({ code, status: 400 });
  });

  it('refuses an image that is still being copied', async () => {
    await control(sandbox, '/images', {
      name: 'slow',
      ownerId: '111122223333',
      imageId: 'ami-0acce550000000e02',
      pendingMs: 60_000,
    });
    expect(await refusal(run({ ImageId: 'ami-0acce550000000e02' }))).toMatchObject({ code: 'InvalidAMIID.Unavailable' });
  });

  it('answers a dry run with 412 and makes nothing', async () => {
    const before = await ec2.send(new DescribeInstancesCommand());
    expect(await refusal(run({ DryRun: true }))).toMatchObject({ code: 'DryRunOperation', status: 412 });
    const after = await ec2.send(new DescribeInstancesCommand());
    expect(after.Reservations?.length).toBe(before.Reservations?.length);
  });
});
