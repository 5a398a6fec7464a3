/**
 * The launcher on an EC2 that we did not write: the one that AWS_ENDPOINT_URL_EC2 names, with a default network and an image that anybody
 * may launch. It makes machines and disks there and ends them again; where that costs money, so does this. docs/AWS-ACCOUNTS.md
 * ("Another EC2") says how to run it and what was found.
 */
import {
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
  type Instance as Ec2Instance,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller } from '#testing/app.ts';
import { launcherWorld, type LaunchGiven, type World } from '../testing/world.ts';
import type { AwsConnection } from './place.ts';
import { Roles } from './roles.ts';

const { AWS_ENDPOINT_URL_EC2: endpoint, AWS_ENDPOINT_URL_STS: stsEndpoint } = process.env;
const REGION = 'us-east-1';
const credentials = {
  accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? 'AKIAINDEPENDENTEC201',
  secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY ?? 'a-secret-of-nobody',
};
const DATA = { name: 'data', device: '/dev/sdf', sizeGib: 1, type: 'gp3', mountPath: '/data' } as const;

describe.skipIf(!endpoint)(`on the EC2 at ${endpoint ?? 'AWS_ENDPOINT_URL_EC2, which names none: nothing to look at'}`, () => {
  let world: World;
  let ec2: EC2Client;
  let subnetId: string;
  beforeAll(async () => {
    ec2 = new EC2Client({ region: REGION, endpoint, credentials });
    const settings = {
      AWS_ENDPOINT_URL_EC2: endpoint!,
      ...(stsEndpoint ? { AWS_ENDPOINT_URL_STS: stsEndpoint } : {}),
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
    const imageId = await anyImage();
    world = await launcherWorld({ sourceImageId: imageId, version: { dataVolumes: [DATA] }, settings });
    world.clock.set(new Date());
    // Its copies of images need not pass our controls: what is looked at here is what becomes of machines.
    await world.database.sql(
      `insert into launcher.image (id, version_id, region, state, ami_id, checks, created_at, copied_at, ready_at)
       values ($1, $2, $3, 'ready', $4, '[]', now(), now(), now())`,
      [newId(), world.market.versionId, REGION, imageId],
    );
    subnetId = await networkWithoutAddresses();
  });
  afterAll(async () => {
    ec2?.destroy();
    await world?.close();
  });

  async function anyImage(): Promise<string> {
    const Filters = [
      { Name: 'state', Values: ['available'] },
      { Name: 'architecture', Values: ['x86_64'] },
      { Name: 'root-device-type', Values: ['ebs'] },
    ];
    const { Images: [image] = [] } = await ec2.send(new DescribeImagesCommand({ Filters }));
    if (!image?.ImageId) throw new Error(`The EC2 at ${endpoint} has no image of x86_64 with an EBS root to launch from.`);
    return image.ImageId;
  }

  /** Machines without public addresses: an EC2 that only plays machines makes up addresses that are somebody else's. */
  async function networkWithoutAddresses(): Promise<string> {
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.77.0.0/24' }));
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.77.0.0/25' }));
    return Subnet!.SubnetId!;
  }

  async function comesTo(launchId: string, state: string): Promise<void> {
    await world.app.settle(async () => {
      world.clock.set(new Date());
      return (await world.instance(launchId))?.state === state;
    });
  }

  async function launched(given: LaunchGiven = {}): Promise<string> {
    const id = await world.launch({ subnetId, ...given });
    await comesTo(id, 'running');
    return id;
  }

  async function wanted(launchId: string, desired: 'running' | 'stopped' | 'terminated', state: string): Promise<void> {
    world.clock.set(new Date());
    await world.want(launchId, desired);
    await comesTo(launchId, state);
  }

  /** What EC2 itself shows of a launch's machines. */
  async function atEc2(launchId: string): Promise<Ec2Instance[]> {
    const Filters = [{ Name: 'tag:slipway:launch', Values: [launchId] }];
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  }

  const volumeState = async (id: string): Promise<string | undefined> => {
    const [row] = await world.database.sql<{ state: string }>('select state from launcher.volume where id = $1', [id]);
    return row?.state;
  };

  async function post<T>(path: string, body: object): Promise<T> {
    const answer = await fetch(`${world.app.url}/v1${path}`, {
      method: 'POST',
      headers: {
        ...(await asCaller({ organizationId: world.market.buyerId, kind: 'buyer' })),
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBeLessThan(300);
    return (await answer.json()) as T;
  }

  it('runs one machine, with its disk, its tags and its security group', async () => {
    const id = await launched({ name: 'Vault' });
    const [machine, ...more] = await atEc2(id);
    expect(more).toEqual([]);
    expect(machine).toMatchObject({ State: { Name: 'running' }, InstanceType: 't3.micro', SubnetId: subnetId });
    expect(machine!.Tags).toEqual(
      expect.arrayContaining([
        { Key: 'Name', Value: 'Vault' },
        { Key: 'slipway:connection', Value: 'platform' },
      ]),
    );
    expect(machine!.SecurityGroups).toMatchObject([{ GroupName: expect.stringMatching(/^slipway-/) }]);
    await world.app.settle(async () => (await world.volumes(id))[0]?.state === 'attached');
    const [volume] = await world.volumes(id);
    const seen = await ec2.send(new DescribeVolumesCommand({ VolumeIds: [volume!.ec2VolumeId!] }));
    expect(seen.Volumes).toMatchObject([
      { Size: 1, Attachments: [{ InstanceId: machine!.InstanceId, Device: '/dev/sdf', State: 'attached' }] },
    ]);
  });

  it('stops it and starts it again, and counts its hours between', async () => {
    const id = await launched();
    await wanted(id, 'stopped', 'stopped');
    expect(await atEc2(id)).toMatchObject([{ State: { Name: 'stopped' } }]);
    await wanted(id, 'running', 'running');
    expect(await atEc2(id)).toMatchObject([{ State: { Name: 'running' } }]);
    const [first, second, ...more] = await world.intervals(id);
    expect(more).toEqual([]);
    expect(first!.ended_at).not.toBeNull();
    expect(second!.ended_at).toBeNull();
    expect(+second!.started_at).toBeGreaterThanOrEqual(+first!.ended_at!);
  });

  it('ends it, and keeps its disk, of which a snapshot is taken', async () => {
    const id = await launched({ keepVolumes: true });
    await world.app.settle(async () => (await world.volumes(id))[0]?.state === 'attached');
    await wanted(id, 'terminated', 'terminated');
    expect(await atEc2(id)).toMatchObject([{ State: { Name: 'terminated' } }]);
    const [volume] = await world.volumes(id);
    await world.app.settle(async () => (await volumeState(volume!.id)) === 'available');
    const { id: snapshotId } = await post<{ id: string }>(`/volumes/${volume!.id}/snapshots`, {});
    await world.app.settle(
      async () =>
        (await world.database.sql('select 1 from launcher.snapshot where id = $1 and state = $2', [snapshotId, 'completed']))
          .length > 0,
    );
    const Filters = [{ Name: 'volume-id', Values: [volume!.ec2VolumeId!] }];
    expect((await ec2.send(new DescribeSnapshotsCommand({ Filters }))).Snapshots).toMatchObject([
      { State: 'completed', VolumeSize: 1 },
    ]);
  });

  it('takes away the disk of a machine whose buyer does not keep it', async () => {
    const id = await launched();
    await wanted(id, 'terminated', 'terminated');
    const [volume] = await world.volumes(id);
    await world.app.settle(async () => (await volumeState(volume!.id)) === 'deleted');
    const Filters = [{ Name: 'volume-id', Values: [volume!.ec2VolumeId!] }];
    expect((await ec2.send(new DescribeVolumesCommand({ Filters }))).Volumes ?? []).toEqual([]);
  });

  it('finds the machine whose making was never answered, and makes no other', async () => {
    const id = await launched();
    const machine = await world.currentMachine(id);
    // As a launcher that was killed between the call and its result leaves it.
    await world.database.sql(
      `update launcher.instance set state = 'planned', ec2_instance_id = null, launched_at = null, attempted_at = now() where id = $1`,
      [machine!.id],
    );
    await comesTo(id, 'running');
    expect((await world.currentMachine(id))?.ec2InstanceId).toBe(machine!.ec2InstanceId);
    expect(await atEc2(id)).toHaveLength(1);
  });

  it('asks STS there for the roles of buyers', async () => {
    const roles = world.app.nest.get(Roles, { strict: false });
    const connection: AwsConnection = {
      id: newId(),
      accountId: '333344445555',
      roleArn: 'arn:aws:iam::333344445555:role/SlipwayRole',
      externalId: 'slipway-globex',
    };
    expect(await roles.account(await roles.assume(connection))).toBe('333344445555');
  });

  it('leaves nothing that it could not do', async () => {
    expect(await world.database.sql('select queue, last_error from launcher.stuck_work')).toEqual([]);
  });
});
