/** Tags, security groups, the network, regions and instance types, through the official SDK. */
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  RevokeSecurityGroupEgressCommand,
  DeleteTagsCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeRegionsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTagsCommand,
  DescribeVpcsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, ec2Of, refusal } from '../testing/clients.ts';

let sandbox: Sandbox;
let ec2: EC2Client;

beforeAll(async () => {
  sandbox = await startSandbox();
  ec2 = ec2Of(sandbox);
});
afterAll(() => sandbox.close());

const run = (input: object = {}) =>
  ec2.send(new RunInstancesCommand({ ImageId: ACME_VAULT, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...input }));

describe('tags', () => {
  it('are added, replaced, found and removed', async () => {
    const id = (await run()).Instances?.[0]?.InstanceId ?? '';
    await ec2.send(
      new CreateTagsCommand({
        Resources: [id, ACME_VAULT],
        Tags: [
          { Key: 'owner', Value: 'Globex' },
          { Key: 'empty', Value: '' },
        ],
      }),
    );
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'owner', Value: 'Acme' }] }));
    const ofInstance = [{ Name: 'resource-id', Values: [id] }];
    const seen = await ec2.send(new DescribeTagsCommand({ Filters: ofInstance }));
    expect(seen.Tags).toEqual([
      { ResourceId: id, ResourceType: 'instance', Key: 'owner', Value: 'Acme' },
      { ResourceId: id, ResourceType: 'instance', Key: 'empty', Value: '' },
    ]);
    await ec2.send(
      new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'owner', Value: 'somebody else' }, { Key: 'empty' }] }),
    );
    expect((await ec2.send(new DescribeTagsCommand({ Filters: ofInstance }))).Tags).toHaveLength(1);
    await ec2.send(new DeleteTagsCommand({ Resources: [id] }));
    expect((await ec2.send(new DescribeTagsCommand({ Filters: ofInstance }))).Tags).toEqual([]);
  });

  it('are refused on what does not exist, beyond fifty, and on nothing', async () => {
    const tag = (Resources: string[], count = 1) =>
      refusal(
        ec2.send(
          new CreateTagsCommand({ Resources, Tags: Array.from({ length: count }, (_, n) => ({ Key: `k${n}`, Value: 'v' })) }),
        ),
      );
    const id = (await run()).Instances?.[0]?.InstanceId ?? '';
    expect(await tag(['i-0123456789abcdef0'])).toMatchObject({ code: 'InvalidInstanceID.NotFound' });
    expect(await tag(['vault'])).toMatchObject({ code: 'InvalidID' });
    expect(await tag([id], 51)).toMatchObject({ code: 'TagLimitExceeded' });
    expect(await tag([])).toMatchObject({
      code: 'MissingParameter',
      message: 'The request must contain the parameter ResourceId',
    });
  });
});

describe('security groups', () => {
  it('are made, opened, used by an instance, and deleted when it is gone', async () => {
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'vault', Description: 'Acme Vault' }));
    const open = (FromPort: number) =>
      ec2.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: [{ IpProtocol: 'tcp', FromPort, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'all' }] }],
        }),
      );
    expect((await open(443)).SecurityGroupRules?.[0]).toMatchObject({ CidrIpv4: '0.0.0.0/0', FromPort: 443 });
    expect(await refusal(open(443))).toMatchObject({ code: 'InvalidPermission.Duplicate' });
    expect(await refusal(open(444))).toMatchObject({ code: 'InvalidParameterValue' });
    const seen = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId ?? ''] }));
    expect(seen.SecurityGroups?.[0]?.IpPermissions).toMatchObject([
      { IpProtocol: 'tcp', IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'all' }] },
    ]);

    const made = await run({ SecurityGroupIds: [GroupId] });
    expect(made.Instances?.[0]?.SecurityGroups).toEqual([{ GroupId, GroupName: 'vault' }]);
    expect(await refusal(ec2.send(new DeleteSecurityGroupCommand({ GroupId })))).toMatchObject({ code: 'DependencyViolation' });
    await fetch(`${sandbox.control}/instances/${made.Instances?.[0]?.InstanceId}/lose`, { method: 'POST' });
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
    expect(await refusal(ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId ?? ''] })))).toMatchObject({
      code: 'InvalidGroup.NotFound',
    });
  });

  it('let everything out until that is revoked, which can be done once', async () => {
    const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'closed', Description: 'closed' }));
    const outwards = async () =>
      (await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId!] }))).SecurityGroups?.[0]?.IpPermissionsEgress;
    const everything = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    expect(await outwards()).toMatchObject(everything);
    const revoke = (IpPermissions: object[]) => ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
    const web = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    expect(await refusal(revoke(web))).toMatchObject({ code: 'InvalidPermission.NotFound' });
    await revoke(everything);
    expect(await outwards()).toEqual([]);
    expect(await refusal(revoke(everything))).toMatchObject({ code: 'InvalidPermission.NotFound' });
  });

  it('cannot have one name twice, and the default one stays', async () => {
    const make = () => ec2.send(new CreateSecurityGroupCommand({ GroupName: 'twice', Description: 'x' }));
    await make();
    expect(await refusal(make())).toMatchObject({ code: 'InvalidGroup.Duplicate' });
    expect(await refusal(ec2.send(new DeleteSecurityGroupCommand({ GroupName: 'default' })))).toMatchObject({
      code: 'CannotDelete',
    });
  });
});

it('regions, zones, network and instance types are there from the start', async () => {
  const regions = await ec2.send(new DescribeRegionsCommand());
  expect(regions.Regions?.map((region) => region.RegionName)).toContain('eu-central-1');
  const zones = await ec2.send(new DescribeAvailabilityZonesCommand());
  expect(zones.AvailabilityZones?.map((zone) => zone.ZoneName)).toEqual(['us-east-1a', 'us-east-1b', 'us-east-1c']);
  const [vpc] = (await ec2.send(new DescribeVpcsCommand())).Vpcs ?? [];
  const subnets = await ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc?.VpcId ?? ''] }] }));
  expect(subnets.Subnets).toHaveLength(3);
  const made = await run({ SubnetId: subnets.Subnets?.[2]?.SubnetId });
  expect(made.Instances?.[0]).toMatchObject({ VpcId: vpc?.VpcId, Placement: { AvailabilityZone: 'us-east-1c' } });

  const arm = [{ Name: 'processor-info.supported-architecture', Values: ['arm64'] }];
  const types = await ec2.send(new DescribeInstanceTypesCommand({ Filters: arm }));
  expect(types.InstanceTypes?.map((type) => type.InstanceType)).toContain('m7g.large');
  const unknown = new DescribeInstanceTypesCommand({ InstanceTypes: ['t9.mega' as 't3.micro'] });
  expect(await refusal(ec2.send(unknown))).toMatchObject({ code: 'InvalidInstanceType' });
  expect((await ec2.send(new DescribeInstancesCommand())).Reservations?.length).toBeGreaterThan(0);
});
