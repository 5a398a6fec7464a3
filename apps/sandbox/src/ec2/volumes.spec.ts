/** Volumes, through the official SDK: made, attached, detached, deleted and found. */
import {
  AttachVolumeCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  DetachVolumeCommand,
  EC2Client,
  paginateDescribeVolumes,
  RunInstancesCommand,
  StopInstancesCommand,
  waitUntilVolumeAvailable,
  type CreateVolumeCommandInput,
  type RunInstancesCommandInput,
  type Volume,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, ec2Of, refusal } from '../testing/clients.ts';

const VOLUME_MS = 10_000;
const BOOT_MS = 60_000;
const ZONE = 'us-east-1b';
let sandbox: Sandbox;
let ec2: EC2Client;

beforeAll(async () => {
  sandbox = await startSandbox({ volumeMs: VOLUME_MS, bootMs: BOOT_MS });
  ec2 = ec2Of(sandbox);
});
afterAll(() => sandbox.close());

const later = (ms = VOLUME_MS): void => sandbox.clock.advance(ms);

const create = (input: Partial<CreateVolumeCommandInput> = {}, client = ec2) =>
  client.send(new CreateVolumeCommand({ AvailabilityZone: ZONE, Size: 10, ...input }));

async function available(input: Partial<CreateVolumeCommandInput> = {}): Promise<string> {
  const { VolumeId = '' } = await create(input);
  later();
  return VolumeId;
}

async function running(input: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const made = await ec2.send(
    new RunInstancesCommand({
      ImageId: ACME_VAULT,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      Placement: { AvailabilityZone: ZONE },
      ...input,
    }),
  );
  later(BOOT_MS);
  return made.Instances?.[0]?.InstanceId ?? '';
}

async function see(id: string): Promise<Volume> {
  const [volume] = (await ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] }))).Volumes ?? [];
  if (!volume) throw new Error(`${id} is not there`);
  return volume;
}

const attach = (VolumeId: string, InstanceId: string, Device = '/dev/sdf') =>
  ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId, Device }));
const detach = (VolumeId: string, input: object = {}) => ec2.send(new DetachVolumeCommand({ VolumeId, ...input }));
const remove = (VolumeId: string) => ec2.send(new DeleteVolumeCommand({ VolumeId }));

async function devicesOf(instanceId: string) {
  const seen = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  return seen.Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings?.map(({ DeviceName, Ebs }) => [
    DeviceName,
    Ebs?.VolumeId,
    Ebs?.Status,
  ]);
}

describe('a volume', () => {
  it('is made, attached, detached and deleted, each of which takes its time', async () => {
    const tags = [{ ResourceType: 'volume' as const, Tags: [{ Key: 'slipway:volume', Value: 'v-1' }] }];
    const made = await create({ VolumeType: 'gp3', TagSpecifications: tags });
    const id = made.VolumeId ?? '';
    expect(made).toMatchObject({
      State: 'creating',
      Size: 10,
      AvailabilityZone: ZONE,
      VolumeType: 'gp3',
      Iops: 3000,
      Throughput: 125,
    });
    expect(made.Tags).toEqual([{ Key: 'slipway:volume', Value: 'v-1' }]);
    const instance = await running();
    expect(await see(id)).toMatchObject({ State: 'available', Attachments: [] });

    expect(await attach(id, instance)).toMatchObject({
      State: 'attaching',
      VolumeId: id,
      InstanceId: instance,
      Device: '/dev/sdf',
    });
    expect(await see(id)).toMatchObject({ State: 'in-use', Attachments: [{ State: 'attaching', DeleteOnTermination: false }] });
    later();
    expect(await see(id)).toMatchObject({ State: 'in-use', Attachments: [{ State: 'attached' }] });
    expect(await devicesOf(instance)).toEqual([
      ['/dev/sdf', id, 'attached'],
      ['/dev/xvda', expect.stringMatching(/^vol-/), 'attached'],
    ]);

    expect(await detach(id)).toMatchObject({ State: 'detaching' });
    expect(await see(id)).toMatchObject({ State: 'in-use', Attachments: [{ State: 'detaching' }] });
    later();
    expect(await see(id)).toMatchObject({ State: 'available', Attachments: [] });
    expect(await devicesOf(instance)).toHaveLength(1);

    await remove(id);
    expect((await see(id)).State).toBe('deleting');
    later();
    expect(await refusal(see(id))).toMatchObject({ code: 'InvalidVolume.NotFound', status: 400 });
  });

  it('satisfies the waiter of the SDK', async () => {
    const id = await available();
    const result = await waitUntilVolumeAvailable({ client: ec2, maxWaitTime: 20 }, { VolumeIds: [id] });
    expect(result.state).toBe('SUCCESS');
  });

  it('is one and the same for one token, however often it is asked for', async () => {
    const first = await create({ ClientToken: 'volume-1' });
    later();
    const again = await create({ ClientToken: 'volume-1' });
    expect([again.VolumeId, again.State]).toEqual([first.VolumeId, 'available']);
    expect(await refusal(create({ ClientToken: 'volume-1', Size: 11 }))).toMatchObject({ code: 'IdempotentParameterMismatch' });
  });

  it('gets what its type gives it', async () => {
    expect(await create()).toMatchObject({ VolumeType: 'gp2', Iops: 100 });
    expect(await create({ Size: 100 })).toMatchObject({ VolumeType: 'gp2', Iops: 300 });
    expect(await create({ VolumeType: 'io2', Iops: 4000, Encrypted: true })).toMatchObject({ Iops: 4000, Encrypted: true });
    expect((await create({ VolumeType: 'standard' })).Iops).toBeUndefined();
  });

  it.each([
    ['a zone that does not exist', { AvailabilityZone: 'us-east-1z' }, 'InvalidZone.NotFound'],
    ['no zone at all', { AvailabilityZone: undefined }, 'MissingParameter'],
    ['neither size nor snapshot', { Size: undefined }, 'MissingParameter'],
    ['a type that nobody has', { VolumeType: 'gp9' as 'gp3' }, 'UnknownVolumeType'],
    ['a size too small for the type', { VolumeType: 'st1', Size: 10 }, 'InvalidParameterValue'],
    ['a size too large for the type', { VolumeType: 'gp2', Size: 16_385 }, 'InvalidParameterValue'],
    ['chosen IOPS where there is no choice', { VolumeType: 'gp2', Iops: 3000 }, 'InvalidParameterCombination'],
    ['io1 without its IOPS', { VolumeType: 'io1' }, 'MissingParameter'],
    ['a snapshot that does not exist', { SnapshotId: 'snap-0123456789abcdef0' }, 'InvalidSnapshot.NotFound'],
    ['a snapshot id of the wrong shape', { SnapshotId: 'snap-acme' }, 'InvalidSnapshotID.Malformed'],
  ] satisfies Array<[string, Partial<CreateVolumeCommandInput>, string]>)('is refused with %s', async (_, input, code) => {
    expect(await refusal(create(input))).toMatchObject({ code, status: 400 });
  });

  it('belongs to its account and region alone', async () => {
    const id = await available();
    const elsewhere = ec2Of(sandbox, { region: 'eu-central-1' });
    expect(await refusal(elsewhere.send(new DescribeVolumesCommand({ VolumeIds: [id] })))).toMatchObject({
      code: 'InvalidVolume.NotFound',
    });
    expect(await refusal(see('vol-acme'))).toMatchObject({ code: 'InvalidVolumeID.Malformed' });
  });
});

describe('AttachVolume', () => {
  it('refuses another zone, a device in use, a name that is no device, and an instance that is still pending', async () => {
    const [id, other] = [await available(), await available()];
    const elsewhere = await running({ Placement: { AvailabilityZone: 'us-east-1a' } });
    expect(await refusal(attach(id, elsewhere))).toMatchObject({ code: 'InvalidVolume.ZoneMismatch' });
    const instance = await running();
    await attach(other, instance);
    expect(await refusal(attach(id, instance))).toMatchObject({
      code: 'InvalidParameterValue',
      message: "Invalid value '/dev/sdf' for unixDevice. Attachment point /dev/sdf is already in use",
    });
    expect(await refusal(attach(id, instance, 'left'))).toMatchObject({ code: 'InvalidParameterValue' });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [instance] }));
    await expect(attach(id, instance, '/dev/sdg')).resolves.toBeDefined();
    const made = await ec2.send(
      new RunInstancesCommand({
        ImageId: ACME_VAULT,
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        Placement: { AvailabilityZone: ZONE },
      }),
    );
    expect(await refusal(attach(await firstFree(), made.Instances?.[0]?.InstanceId ?? ''))).toMatchObject({
      code: 'IncorrectState',
    });
  });

  const firstFree = async (): Promise<string> => {
    const free = [{ Name: 'status', Values: ['available'] }];
    return (await ec2.send(new DescribeVolumesCommand({ Filters: free }))).Volumes?.[0]?.VolumeId ?? '';
  };

  it('refuses a volume that is being made, and one that is attached, to this instance or another', async () => {
    const [instance, second] = [await running(), await running()];
    const { VolumeId: id = '' } = await create();
    expect(await refusal(attach(id, instance))).toMatchObject({ code: 'IncorrectState' });
    later();
    await attach(id, instance);
    for (const machine of [instance, second]) {
      expect(await refusal(attach(id, machine, '/dev/sdh'))).toMatchObject({ code: 'VolumeInUse', status: 400 });
    }
    expect(await refusal(remove(id))).toMatchObject({ code: 'VolumeInUse' });
  });
});

describe('DetachVolume', () => {
  it('refuses what is not attached, not there or not to be missed, and is done at once by force', async () => {
    const [instance, second] = [await running(), await running()];
    const id = await available();
    expect(await refusal(detach(id))).toMatchObject({ code: 'IncorrectState' });
    await attach(id, instance);
    expect(await refusal(detach(id, { InstanceId: second }))).toMatchObject({ code: 'InvalidAttachment.NotFound' });
    const root = (await devicesOf(instance))?.find(([device]) => device === '/dev/xvda')?.[1] ?? '';
    expect(await refusal(detach(root))).toMatchObject({ code: 'OperationNotPermitted' });
    await detach(id, { Force: true });
    expect(await see(id)).toMatchObject({ State: 'available' });
    await expect(attach(id, second)).resolves.toBeDefined();
  });
});

describe('DescribeVolumes', () => {
  it('finds by instance, device, attachment, status, zone, size and tag', async () => {
    const instance = await running();
    const id = await available({
      Size: 77,
      TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'launch', Value: 'l-7' }] }],
    });
    await attach(id, instance);
    const find = async (...pairs: Array<[string, ...string[]]>) => {
      const seen = await ec2.send(new DescribeVolumesCommand({ Filters: pairs.map(([Name, ...Values]) => ({ Name, Values })) }));
      return seen.Volumes?.map((volume) => volume.VolumeId);
    };
    expect(await find(['attachment.instance-id', instance])).toHaveLength(2);
    expect(await find(['attachment.instance-id', instance], ['attachment.device', '/dev/sdf'])).toEqual([id]);
    expect(await find(['attachment.status', 'attaching'], ['size', '77'])).toEqual([id]);
    expect(await find(['tag:launch', 'l-7'], ['availability-zone', ZONE], ['status', 'in-use'])).toEqual([id]);
    expect(await find(['tag:launch', 'l-*'], ['status', 'available'])).toEqual([]);
    expect(await refusal(find(['client-token', 'x']))).toMatchObject({ code: 'InvalidParameterValue' });
  });

  it('gives pages that together hold every volume once', async () => {
    const ids: Array<string | undefined> = [];
    for (let made = 0; made < 12; made++) {
      const { VolumeId } = await create({
        TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'batch', Value: 'pages' }] }],
      });
      ids.push(VolumeId);
    }
    const seen: Array<string | undefined> = [];
    const Filters = [{ Name: 'tag-key', Values: ['batch'] }];
    for await (const page of paginateDescribeVolumes({ client: ec2, pageSize: 5 }, { Filters })) {
      seen.push(...(page.Volumes ?? []).map((volume) => volume.VolumeId));
    }
    expect(seen).toEqual(ids);
  });
});
