/** Snapshots, through the official SDK: progress, volumes made of them, copies to other regions, other accounts. */
import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  ModifySnapshotAttributeCommand,
  waitUntilSnapshotCompleted,
  type CreateSnapshotCommandInput,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { control, ec2Of, refusal } from '../testing/clients.ts';

const SNAPSHOT_MS = 100_000;
const GLOBEX = '333344445555';
let sandbox: Sandbox;
let ec2: EC2Client;
let globex: EC2Client;

beforeAll(async () => {
  sandbox = await startSandbox({ volumeMs: 0, snapshotMs: SNAPSHOT_MS });
  ec2 = ec2Of(sandbox);
  const credentials = { accessKeyId: 'AKIAGLOBEX0000000001', secretAccessKey: 'globex' };
  await control(sandbox, '/access-keys', { ...credentials, accountId: GLOBEX });
  globex = ec2Of(sandbox, { credentials });
});
afterAll(() => sandbox.close());

const later = (ms = SNAPSHOT_MS): void => sandbox.clock.advance(ms);

const volume = async (input: object = {}, client = ec2) =>
  (await client.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 10, ...input }))).VolumeId ?? '';

const take = (VolumeId: string, input: Partial<CreateSnapshotCommandInput> = {}) =>
  ec2.send(new CreateSnapshotCommand({ VolumeId, ...input }));

async function completed(volumeId?: string): Promise<string> {
  const { SnapshotId = '' } = await take(volumeId ?? (await volume()));
  later();
  return SnapshotId;
}

async function see(id: string, client = ec2): Promise<Snapshot | undefined> {
  return (await client.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }))).Snapshots?.[0];
}

const remove = (SnapshotId: string, client = ec2) => client.send(new DeleteSnapshotCommand({ SnapshotId }));

describe('a snapshot', () => {
  it('goes from pending to completed, and says how far it is', async () => {
    const id = await volume();
    const made = await take(id, {
      Description: 'nightly',
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'slipway:snapshot', Value: 's-1' }] }],
    });
    expect(made).toMatchObject({ State: 'pending', Progress: '0%', VolumeId: id, VolumeSize: 10, Description: 'nightly' });
    later(SNAPSHOT_MS / 2);
    const half = await see(made.SnapshotId ?? '');
    expect(half?.State).toBe('pending');
    expect(Number.parseInt(half?.Progress ?? '', 10)).toBeGreaterThanOrEqual(50);
    later();
    expect(await see(made.SnapshotId ?? '')).toMatchObject({
      State: 'completed',
      Progress: '100%',
      OwnerId: '111122223333',
      Tags: [{ Key: 'slipway:snapshot', Value: 's-1' }],
    });
    const result = await waitUntilSnapshotCompleted({ client: ec2, maxWaitTime: 20 }, { SnapshotIds: [made.SnapshotId ?? ''] });
    expect(result.state).toBe('SUCCESS');
  });

  it('makes a volume in any zone of its region once it is completed, of its size or larger', async () => {
    const { SnapshotId = '' } = await take(await volume());
    expect(await refusal(volume({ SnapshotId, Size: undefined }))).toMatchObject({ code: 'IncorrectState' });
    later();
    const made = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1c', SnapshotId }));
    expect(made).toMatchObject({ SnapshotId, Size: 10, AvailabilityZone: 'us-east-1c' });
    await expect(volume({ SnapshotId, Size: 11 })).resolves.toMatch(/^vol-/);
    expect(await refusal(volume({ SnapshotId, Size: 9 }))).toMatchObject({ code: 'InvalidParameterValue' });
  });

  it('is deleted, which leaves the volume and those made of it alone', async () => {
    const id = await completed();
    const child = await volume({ SnapshotId: id, Size: undefined });
    await remove(id);
    expect(await refusal(see(id))).toMatchObject({ code: 'InvalidSnapshot.NotFound', status: 400 });
    expect(await refusal(remove(id))).toMatchObject({ code: 'InvalidSnapshot.NotFound' });
    await expect(take(child)).resolves.toBeDefined();
  });

  it('cannot be taken again while one of the volume is fresh and pending', async () => {
    const id = await volume();
    await take(id);
    expect(await refusal(take(id))).toMatchObject({ code: 'SnapshotCreationPerVolumeRateExceeded' });
    later(15_000);
    await expect(take(id)).resolves.toBeDefined();
    later();
    await expect(take(id)).resolves.toBeDefined();
    expect(await refusal(take('vol-0123456789abcdef0'))).toMatchObject({ code: 'InvalidVolume.NotFound' });
  });

  it('is found by volume, state, tag and owner', async () => {
    const id = await volume();
    const [first, second] = [await completed(id), (await take(id)).SnapshotId];
    const find = async (...pairs: Array<[string, ...string[]]>) => {
      const Filters = pairs.map(([Name, ...Values]) => ({ Name, Values }));
      const seen = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'], Filters }));
      return seen.Snapshots?.map((snapshot) => snapshot.SnapshotId);
    };
    expect(await find(['volume-id', id])).toEqual([first, second]);
    expect(await find(['volume-id', id], ['status', 'completed'])).toEqual([first]);
    expect(await find(['tag:nobody', 'has'])).toEqual([]);
    const foreign = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: [GLOBEX] }));
    expect(foreign.Snapshots).toEqual([]);
  });
});

describe('CopySnapshot', () => {
  it('makes one in the region of the call, which takes its time as well', async () => {
    const europe = ec2Of(sandbox, { region: 'eu-west-1' });
    const SourceSnapshotId = await completed();
    const copy = await europe.send(
      new CopySnapshotCommand({
        SourceSnapshotId,
        SourceRegion: 'us-east-1',
        TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'copy', Value: 'yes' }] }],
      }),
    );
    const id = copy.SnapshotId ?? '';
    expect(await see(id, europe)).toMatchObject({
      State: 'pending',
      VolumeId: 'vol-ffffffff',
      Tags: [{ Key: 'copy', Value: 'yes' }],
    });
    later();
    expect(await see(id, europe)).toMatchObject({ State: 'completed' });
    expect(await refusal(see(id))).toMatchObject({ code: 'InvalidSnapshot.NotFound' });
    const missing = new CopySnapshotCommand({ SourceSnapshotId: 'snap-0123456789abcdef0', SourceRegion: 'us-east-1' });
    expect(await refusal(europe.send(missing))).toMatchObject({ code: 'InvalidSnapshot.NotFound' });
  });
});

describe('createVolumePermission', () => {
  it('lets another account make volumes and copies of a snapshot until it is taken back', async () => {
    const id = await completed();
    const change = (CreateVolumePermission: object, client = ec2) =>
      client.send(new ModifySnapshotAttributeCommand({ SnapshotId: id, CreateVolumePermission }));
    expect(await refusal(volume({ SnapshotId: id }, globex))).toMatchObject({ code: 'InvalidSnapshot.NotFound' });
    await change({ Add: [{ UserId: GLOBEX }] });
    await expect(volume({ SnapshotId: id }, globex)).resolves.toMatch(/^vol-/);
    await expect(
      globex.send(new CopySnapshotCommand({ SourceSnapshotId: id, SourceRegion: 'us-east-1' })),
    ).resolves.toBeDefined();
    expect(await refusal(remove(id, globex))).toMatchObject({ code: 'OperationNotPermitted' });
    expect(await refusal(change({ Add: [{ Group: 'all' }] }, globex))).toMatchObject({ code: 'OperationNotPermitted' });
    await change({ Remove: [{ UserId: GLOBEX }] });
    expect(await refusal(volume({ SnapshotId: id }, globex))).toMatchObject({ code: 'InvalidSnapshot.NotFound' });
    expect(await refusal(change({ Add: [{ UserId: 'globex' }] }))).toMatchObject({ code: 'InvalidParameterValue' });
  });
});

it('the snapshot of an image stays as long as the image does, and can go with it', async () => {
  const image = { name: 'own', ownerId: '111122223333', imageId: 'ami-0acce550000000e01' };
  await control(sandbox, '/images', image);
  const seen = await ec2.send(new DescribeImagesCommand({ ImageIds: [image.imageId] }));
  const id = seen.Images?.[0]?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
  expect(await see(id)).toMatchObject({ State: 'completed', VolumeSize: 8 });
  expect(await refusal(remove(id))).toMatchObject({ code: 'InvalidSnapshot.InUse' });
  await ec2.send(new DeregisterImageCommand({ ImageId: image.imageId, DeleteAssociatedSnapshots: true }));
  expect(await refusal(see(id))).toMatchObject({ code: 'InvalidSnapshot.NotFound' });
});
