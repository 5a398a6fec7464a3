/**
 * What EC2 does not take of a launch comes back as a sentence, and what it has no room for waits. That what a buyer chooses arrives there
 * is shown in apps/api/src/launches/launching.spec.ts.
 */
import { DescribeInstancesCommand, DescribeSecurityGroupsCommand, type Instance, type IpPermission } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ec2Of } from '../../../sandbox/src/testing/clients.ts';
import { launcherWorld, type LaunchGiven, type World } from '../testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await launcherWorld({
    version: {
      ports: [
        { port: 5432, protocol: 'tcp', description: 'PostgreSQL' },
        { port: 53, protocol: 'udp', description: 'DNS' },
        { port: 22, protocol: 'tcp', description: 'SSH' },
      ],
    },
  });
  await world.app.settle();
});
afterAll(() => world.close());

const is = (id: string, state: string) => async (): Promise<boolean> => (await world.instance(id))?.state === state;

async function launched(given: LaunchGiven): Promise<{ id: string; machine: Instance }> {
  const id = await world.launch(given);
  await world.app.settle(is(id, 'healthy'));
  return { id, machine: await atEc2(id) };
}

async function atEc2(id: string): Promise<Instance> {
  const Filters = [{ Name: 'tag:slipway:launch', Values: [id] }];
  const { Reservations } = await ec2Of(world.sandbox).send(new DescribeInstancesCommand({ Filters }));
  return Reservations![0]!.Instances![0]!;
}

async function openOn({ SecurityGroups }: Instance): Promise<string[]> {
  const GroupIds = SecurityGroups!.map(({ GroupId }) => GroupId!);
  const { SecurityGroups: groups } = await ec2Of(world.sandbox).send(new DescribeSecurityGroupsCommand({ GroupIds }));
  const line = ({ IpProtocol, FromPort, IpRanges }: IpPermission): string[] =>
    IpRanges!.map(({ CidrIp }) => `${IpProtocol} ${FromPort} from ${CidrIp}`);
  return groups!.flatMap(({ IpPermissions }) => IpPermissions!.flatMap(line)).sort();
}

const ownPort = (): number => world.sandbox.appliancePort;

it('opens the product’s ports to everybody and SSH to nobody, also when the product lists it', async () => {
  const { machine } = await launched({});
  const ports = [`tcp ${ownPort()} from 0.0.0.0/0`, 'tcp 5432 from 0.0.0.0/0', 'udp 53 from 0.0.0.0/0'].sort();
  expect(await openOn(machine)).toEqual(ports);
  const other = await launched({ sshFrom: '203.0.113.0/24' });
  expect(await openOn(other.machine)).toEqual([...ports, 'tcp 22 from 203.0.113.0/24'].sort());
  const third = await launched({ sshFrom: '203.0.113.0/24' });
  expect(third.machine.SecurityGroups).toEqual(other.machine.SecurityGroups);
});

it('says in a sentence what cannot be had, and what to do about it', async () => {
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
