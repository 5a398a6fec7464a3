/** What a buyer chooses for a launch through the API arrives at EC2; its progress is followed through the one origin. */
import {
  CreateKeyPairCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  type Instance,
  type IpPermission,
  type Tag,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { openEvents } from '#testing/event-stream.ts';
import { GLOBEX_AWS, oneOrigin, type OneOrigin } from '../testing/one-origin.ts';
import type { LaunchView } from './launches.schema.ts';

let world: OneOrigin;
beforeAll(async () => {
  world = await oneOrigin({
    regions: ['us-east-1', 'eu-west-1'],
    version: {
      ports: [
        { port: 5432, protocol: 'tcp', description: 'PostgreSQL' },
        { port: 22, protocol: 'tcp', description: 'SSH' },
      ],
      userDataTemplate: '#cloud-config\nhostname: {{host}}\npassword: {{password|json}}\n',
      dataVolumes: [{ name: 'data', device: '/dev/sdf', sizeGib: 20, type: 'gp3', mountPath: '/var/lib/vault' }],
    },
  });
}, 60_000);
afterAll(() => world.close());

const userData = { host: 'vault.globex.test', password: 'a"b: #c' };
const launched = (given: Parameters<OneOrigin['launch']>[0] = {}): Promise<string> => world.launched({ userData, ...given });
const refused = (given: Parameters<OneOrigin['launch']>[0]): Promise<unknown> =>
  world.launch({ userData, ...given }).catch((error: { problem: unknown }) => error.problem);

async function atEc2(launchId: string, whose: 'platform' | 'globex' = 'platform'): Promise<Instance> {
  const InstanceIds = [(await world.machineOf(launchId))!.instanceId];
  const { Reservations } = await world.ec2(whose).send(new DescribeInstancesCommand({ InstanceIds }));
  return Reservations![0]!.Instances![0]!;
}

async function openOn({ SecurityGroups }: Instance): Promise<string[]> {
  const GroupIds = SecurityGroups!.map(({ GroupId }) => GroupId!);
  const { SecurityGroups: groups } = await world.ec2().send(new DescribeSecurityGroupsCommand({ GroupIds }));
  const lines = ({ FromPort, IpRanges }: IpPermission): string[] => IpRanges!.map(({ CidrIp }) => `${FromPort} from ${CidrIp}`);
  return groups!.flatMap(({ IpPermissions }) => IpPermissions!.flatMap(lines)).sort();
}

const asRecord = (tags: Tag[] | undefined): Record<string, string> =>
  Object.fromEntries(tags!.map(({ Key, Value }) => [Key!, Value!]));

it('goes to the region, the zone, the type, the key pair and the tags that were chosen', async () => {
  await world.ec2().send(new CreateKeyPairCommand({ KeyName: 'globex ops' }));
  const id = await launched({
    region: 'us-east-1',
    zone: 'us-east-1b',
    instanceType: 't3.small',
    keyName: 'globex ops',
    name: 'Vault of finance',
    tags: { 'cost-center': '4711' },
  });
  const machine = await atEc2(id);
  expect(machine).toMatchObject({
    KeyName: 'globex ops',
    InstanceType: 't3.small',
    Placement: { AvailabilityZone: 'us-east-1b' },
  });
  const tags = { 'cost-center': '4711', Name: 'Vault of finance', 'slipway:launch': id };
  expect(asRecord(machine.Tags)).toMatchObject(tags);
  const Filters = [
    { Name: 'tag:slipway:launch', Values: [id] },
    { Name: 'tag-key', Values: ['slipway:volume'] },
  ];
  const { Volumes } = await world.ec2().send(new DescribeVolumesCommand({ Filters }));
  expect(Volumes).toMatchObject([
    {
      Size: 20,
      VolumeType: 'gp3',
      AvailabilityZone: 'us-east-1b',
      Attachments: [{ InstanceId: machine.InstanceId, Device: '/dev/sdf' }],
    },
  ]);
  expect(asRecord(Volumes![0]!.Tags)).toMatchObject({ 'cost-center': '4711', Name: 'Vault of finance data' });
  expect(parse(Buffer.from((await world.machineOf(id))!.userData!, 'base64').toString())).toEqual({
    hostname: 'vault.globex.test',
    password: 'a"b: #c',
  });

  const abroad = await launched({ region: 'eu-west-1' });
  expect(await world.machineOf(abroad)).toMatchObject({ zone: expect.stringMatching(/^eu-west-1/) });
  expect(await refused({ region: 'ap-south-1' })).toMatchObject({ code: 'region_not_offered' });
  expect(await refused({ instanceType: 'm5.large' })).toMatchObject({ code: 'instance_type_not_offered' });
  expect(await refused({ zone: 'eu-west-1a' })).toMatchObject({ detail: expect.stringContaining('zone: must be in the region') });
  expect(await refused({ userData: {} })).toMatchObject({ code: 'invalid_user_data' });
  expect(await refused({ tags: { 'aws:owner': 'me' } })).toMatchObject({ status: 400 });
});

it('opens the product’s ports, and SSH to whom its buyer says, to everybody only when that was said twice', async () => {
  const ports = [`${world.sandbox.appliancePort} from 0.0.0.0/0`, '5432 from 0.0.0.0/0'];
  const whole = { sshFrom: '0.0.0.0/0' };
  expect(await refused(whole)).toMatchObject({ status: 400, detail: expect.stringContaining('opens SSH to every address') });
  for (const [given, ssh] of [
    [{}, []],
    [{ sshFrom: '203.0.113.0/24' }, ['22 from 203.0.113.0/24']],
    [{ ...whole, sshFromAnywhere: true }, ['22 from 0.0.0.0/0']],
  ] as const) {
    expect(await openOn(await atEc2(await launched(given)))).toEqual([...ports, ...ssh].sort());
  }
});

it('keeps machines apart from each other, by hardware or by rack, when asked to', async () => {
  const spread = [await launched({ placement: 'spread' }), await launched({ placement: 'spread' })];
  const groups = await Promise.all(spread.map(async (id) => (await atEc2(id)).Placement!.GroupName));
  expect(groups).toEqual([`slipway-spread-${world.subscriptionId}`, `slipway-spread-${world.subscriptionId}`]);
  const { Placement } = await atEc2(await launched({ placement: 'partition' }));
  expect(Placement!.PartitionNumber).toBeGreaterThan(0);
});

it('goes into a subnet of the buyer’s own account, and into no other', async () => {
  const { Subnets } = await world.ec2('globex').send(new DescribeSubnetsCommand({}));
  const { SubnetId: subnetId, VpcId } = Subnets!.find(({ AvailabilityZone }) => AvailabilityZone === 'us-east-1c')!;
  expect(await refused({ subnetId: subnetId! })).toMatchObject({ code: 'subnet_needs_own_account' });
  const connection = await world.connect();
  const id = await launched({ subnetId: subnetId!, awsConnectionId: connection.id });
  expect(await world.machineOf(id)).toMatchObject({ accountId: GLOBEX_AWS });
  expect(await atEc2(id, 'globex')).toMatchObject({ SubnetId: subnetId, VpcId, Placement: { AvailabilityZone: 'us-east-1c' } });
});

it('stops, starts, reboots and ends as its buyer says', async () => {
  const { globex } = world;
  const id = await launched();
  const { instanceId } = (await world.machineOf(id))!;
  world.advance({ minutes: 5 });
  expect(await globex.put(`/v1/launches/${id}/desired`, { state: 'stopped' })).toMatchObject({ desired: 'stopped' });
  await world.settle(world.is(id, 'stopped'));
  await expect(globex.post(`/v1/launches/${id}/reboots`)).rejects.toMatchObject({ problem: { code: 'not_running' } });

  world.advance({ minutes: 5 });
  await globex.put(`/v1/launches/${id}/desired`, { state: 'running' });
  await world.settle(world.is(id, 'healthy'));
  world.advance({ minutes: 5 });
  expect(await globex.post(`/v1/launches/${id}/reboots`)).toMatchObject({ rebootAt: world.clock.now().toISOString() });
  await world.settle(async () => (await said(id)).includes('rebooting') && (await world.is(id, 'healthy')()));

  await globex.delete(`/v1/launches/${id}`);
  await world.settle(world.is(id, 'terminated'));
  expect(await world.machineOf(id)).toMatchObject({ instanceId, state: expect.stringMatching(/shutting-down|terminated/) });
  await expect(globex.put(`/v1/launches/${id}/desired`, { state: 'running' })).rejects.toMatchObject({
    problem: { code: 'launch_ended' },
  });
});

const said = async (id: string): Promise<string[]> =>
  (await world.database.sql<{ kind: string }>('select kind from launcher.launch_event where launch_id = $1', [id])).map(
    ({ kind }) => kind,
  );

it('is followed live through the one origin, and is not there for anybody else', async () => {
  const made = await world.globex.post<{ key: string }>('/v1/auth/api-key/create', {
    name: 'follow',
    organizationId: world.globex.organizationId,
  });
  const headers = { authorization: `Bearer ${made.key}` };
  const id = await world.launch({ userData });
  const url = `${world.api.url}/v1/launches/${id}/events`;
  const stream = await openEvents(url, headers);
  const healthy = world.settle(world.is(id, 'healthy'));
  const accepted = await stream.until(({ data }) => data.kind === 'accepted');
  await healthy;
  const events = await stream.ended;
  const { url: at } = await world.globex.get<LaunchView>(`/v1/launches/${id}`);
  expect(events.at(-2)!.data).toMatchObject({ kind: 'healthy', message: `The appliance is healthy at ${at}` });
  expect(events.at(-1)).toMatchObject({ type: 'end', data: { state: 'healthy' } });

  const later = await openEvents(url, { ...headers, 'last-event-id': accepted.id });
  expect(await later.ended).toEqual(events.slice(events.findIndex(({ id: eventId }) => eventId === accepted.id) + 1));
  const hooli = await world.hooli();
  await expect(hooli.get(`/v1/launches/${id}/events`)).rejects.toMatchObject({ problem: { status: 404 } });
  await expect(hooli.get(`/v1/instances/${id}/events`)).rejects.toMatchObject({ problem: { status: 404 } });
  expect((await fetch(url)).status).toBe(401);
});
