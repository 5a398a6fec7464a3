/** What a buyer chooses for a launch arrives at EC2, and what EC2 does not take comes back as a sentence. */
import {
  CreateKeyPairCommand,
  DescribeInstancesCommand,
  DescribePlacementGroupsCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  type Instance,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import { afterEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ec2Of } from '../testing/ec2.ts';
import { launcherWorld, type LaunchGiven, type VersionGiven, type World } from '../testing/world.ts';

let world: World;
afterEach(() => world.close());

async function start(version: VersionGiven = {}): Promise<void> {
  world = await launcherWorld({ version });
  await world.app.settle();
}

const is = (id: string, state: string) => async (): Promise<boolean> => (await world.instance(id))?.state === state;

async function launched(given: LaunchGiven): Promise<{ id: string; machine: Instance }> {
  const id = await world.launch(given);
  await world.app.settle(is(id, 'healthy'));
  return { id, machine: await atEc2(id) };
}

async function atEc2(id: string): Promise<Instance> {
  const Filters = [{ Name: 'tag:slipway:launch', Values: [id] }];
  const { Reservations } = await ec2Of(world).send(new DescribeInstancesCommand({ Filters }));
  return Reservations![0]!.Instances![0]!;
}

async function openOn({ SecurityGroups }: Instance): Promise<string[]> {
  const GroupIds = SecurityGroups!.map(({ GroupId }) => GroupId!);
  const { SecurityGroups: groups } = await ec2Of(world).send(new DescribeSecurityGroupsCommand({ GroupIds }));
  const line = ({ IpProtocol, FromPort, IpRanges }: IpPermission): string[] =>
    IpRanges!.map(({ CidrIp }) => `${IpProtocol} ${FromPort} from ${CidrIp}`);
  return groups!.flatMap(({ IpPermissions }) => IpPermissions!.flatMap(line)).sort();
}

const ownPort = (): number => world.sandbox.appliancePort;

it('is in the zone, with the key, the tags and the name that its buyer chose', async () => {
  await start();
  await ec2Of(world).send(new CreateKeyPairCommand({ KeyName: 'globex ops' }));
  const { id, machine } = await launched({
    zone: 'us-east-1b',
    keyName: 'globex ops',
    name: 'Vault of finance',
    tags: { 'cost-center': '4711', Team: 'Finance & Co'.replace('&', '+') },
  });
  expect(machine).toMatchObject({ KeyName: 'globex ops', Placement: { AvailabilityZone: 'us-east-1b' } });
  expect(machine.Tags).toEqual(
    expect.arrayContaining([
      { Key: 'cost-center', Value: '4711' },
      { Key: 'Team', Value: 'Finance + Co' },
      { Key: 'Name', Value: 'Vault of finance' },
      { Key: 'slipway:launch', Value: id },
    ]),
  );
  expect((await world.instance(id))?.zone).toBe('us-east-1b');
});

it('opens the product’s ports to everybody and SSH to nobody, also when the product lists it', async () => {
  await start({
    ports: [
      { port: 5432, protocol: 'tcp', description: 'PostgreSQL' },
      { port: 53, protocol: 'udp', description: 'DNS' },
      { port: 22, protocol: 'tcp', description: 'SSH' },
    ],
  });
  const { machine } = await launched({});
  const ports = [`tcp ${ownPort()} from 0.0.0.0/0`, 'tcp 5432 from 0.0.0.0/0', 'udp 53 from 0.0.0.0/0'].sort();
  expect(await openOn(machine)).toEqual(ports);
  const other = await launched({ sshFrom: '203.0.113.0/24' });
  expect(await openOn(other.machine)).toEqual([...ports, 'tcp 22 from 203.0.113.0/24'].sort());
  const third = await launched({ sshFrom: '203.0.113.0/24' });
  expect(third.machine.SecurityGroups).toEqual(other.machine.SecurityGroups);
});

it('keeps machines of one buyer and product on different hardware when asked to', async () => {
  await start();
  const [first, second] = [await launched({ placement: 'spread' }), await launched({ placement: 'spread' })];
  const { PlacementGroups } = await ec2Of(world).send(new DescribePlacementGroupsCommand({}));
  expect(PlacementGroups).toMatchObject([{ Strategy: 'spread', GroupName: `slipway-spread-${world.market.subscriptionId}` }]);
  expect([first, second].map(({ machine }) => machine.Placement?.GroupName)).toEqual(
    Array.from({ length: 2 }, () => PlacementGroups![0]!.GroupName),
  );
  const { machine } = await launched({ placement: 'partition' });
  expect(machine.Placement?.PartitionNumber).toBeGreaterThan(0);
});

it('is in the subnet of its buyer’s choice, behind a group of that network', async () => {
  await start();
  const { Subnets } = await ec2Of(world).send(new DescribeSubnetsCommand({}));
  const [subnet] = Subnets!.filter(({ AvailabilityZone }) => AvailabilityZone === 'us-east-1c');
  const { machine } = await launched({ subnetId: subnet!.SubnetId! });
  expect(machine).toMatchObject({
    SubnetId: subnet!.SubnetId,
    VpcId: subnet!.VpcId,
    Placement: { AvailabilityZone: 'us-east-1c' },
  });
});

it('gets user data from the product’s template, with its buyer’s values and Slipway’s own', async () => {
  const template = '#cloud-config\nhostname: {{host}}\npassword: {{password|json}}\n';
  await start({ userDataTemplate: template });
  const { id } = await launched({ userData: { host: 'vault.globex.test', password: 'a"b: #c\n- d' } });
  const [machine] = (await world.machines()).filter(({ tags }) => tags['slipway:launch'] === id);
  const userData = Buffer.from(machine!.userData!, 'base64').toString();
  expect(parse(userData)).toEqual({ hostname: 'vault.globex.test', password: 'a"b: #c\n- d' });
  const own = JSON.parse(userData.split('\n# ')[1]!) as object;
  expect(own).toEqual({
    slipway: { launchId: id, productCode: world.market.productCode, meteringUrl: 'http://metering.test:4020' },
  });
});

it('says in a sentence what cannot be had, and what to do about it', async () => {
  await start();
  const failureOf = async (given: LaunchGiven): Promise<unknown> => {
    const id = await world.launch(given);
    await world.app.settle(is(id, 'failed'));
    return (await world.instance(id))?.failure;
  };
  expect(await failureOf({ keyName: 'nobody' })).toBe(
    'There is no key pair "nobody" in us-east-1. Make it in that AWS account and region, then start the launch again; or launch without a key.',
  );
  expect(await failureOf({ subnetId: 'subnet-00000000000000000' })).toContain(
    'There is no subnet subnet-00000000000000000 in us-east-1',
  );
  expect(await failureOf({ instanceType: 't4g.small' })).toContain('architecture');
});

it('waits for room where there is none, says so once, and comes up when there is some', async () => {
  await start();
  const zone = 'us-east-1a';
  await world.control('/capacity', { zone, instanceType: 't3.micro', instances: 0 });
  const id = await world.launch({ zone });
  for (let round = 0; round < 3; round += 1) await expect(world.app.settle()).rejects.toThrow('InsufficientInstanceCapacity');
  const events = await world.database.sql<{ kind: string; message: string }>(
    `select kind, message from launcher.launch_event where launch_id = $1 order by id`,
    [id],
  );
  expect(events.map(({ kind }) => kind)).toEqual(['accepted', 'waiting']);
  expect(events[1]!.message).toBe(
    'AWS has no t3.micro free in us-east-1a at the moment. It is tried again; to wait no longer, launch another type, or without a zone.',
  );
  await world.control('/capacity', { zone, instanceType: 't3.micro' });
  await world.app.settle(is(id, 'healthy'));
});
