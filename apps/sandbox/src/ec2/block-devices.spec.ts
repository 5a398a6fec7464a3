/** Volumes that come with a launch, and what becomes of volumes when their instance ends; through the official SDK. */
import {
  AttachVolumeCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  EC2Client,
  RunInstancesCommand,
  TerminateInstancesCommand,
  type RunInstancesCommandInput,
  type Volume,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_VAULT, control, ec2Of, refusal } from '../testing/clients.ts';

const BOOT_MS = 60_000;
let sandbox: Sandbox;
let ec2: EC2Client;

beforeAll(async () => {
  sandbox = await startSandbox({ volumeMs: 0, snapshotMs: 0, bootMs: BOOT_MS });
  ec2 = ec2Of(sandbox);
});
afterAll(() => sandbox.close());

const later = (ms = BOOT_MS): void => sandbox.clock.advance(ms);

async function running(input: Partial<RunInstancesCommandInput> = {}): Promise<string> {
  const made = await ec2.send(
    new RunInstancesCommand({ ImageId: ACME_VAULT, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...input }),
  );
  later();
  return made.Instances?.[0]?.InstanceId ?? '';
}

async function see(id: string): Promise<Volume> {
  const [volume] = (await ec2.send(new DescribeVolumesCommand({ VolumeIds: [id] }))).Volumes ?? [];
  if (!volume) throw new Error(`${id} is not there`);
  return volume;
}

async function available(): Promise<string> {
  return (await ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 10 }))).VolumeId ?? '';
}

const attach = (VolumeId: string, InstanceId: string) =>
  ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId, Device: '/dev/sdf' }));
const terminate = (id: string) => ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));

async function rootOf(instanceId: string): Promise<string> {
  const seen = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  const devices = seen.Reservations?.[0]?.Instances?.[0]?.BlockDeviceMappings ?? [];
  return devices.find(({ DeviceName }) => DeviceName === '/dev/xvda')?.Ebs?.VolumeId ?? '';
}

describe('when its instance ends', () => {
  it('a root goes, an attached volume stays and can go to another instance', async () => {
    const [first, second] = [await running(), await running()];
    const id = await available();
    await attach(id, first);
    const root = await rootOf(first);
    await terminate(first);
    expect(await see(id)).toMatchObject({ State: 'in-use' });
    later(BOOT_MS);
    expect(await see(id)).toMatchObject({ State: 'available', Attachments: [] });
    expect(await refusal(see(root))).toMatchObject({ code: 'InvalidVolume.NotFound' });
    await attach(id, second);
    await control(sandbox, `/instances/${second}/lose`);
    expect(await see(id)).toMatchObject({ State: 'available' });
  });

  it('volumes of the launch go or stay as BlockDeviceMappings said', async () => {
    const instance = await running({
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, DeleteOnTermination: false } },
        { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 5, VolumeType: 'gp3' } },
        { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 6, DeleteOnTermination: false, Encrypted: true } },
      ],
      TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'of', Value: 'the launch' }] }],
    });
    const mine = async () => {
      const seen = await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: 'tag:of', Values: ['the launch'] }] }));
      return seen.Volumes?.map((volume) => [volume.Size, volume.VolumeType, volume.State, volume.Encrypted]);
    };
    expect(await mine()).toEqual([
      [20, 'gp3', 'in-use', false],
      [5, 'gp3', 'in-use', false],
      [6, 'gp2', 'in-use', true],
    ]);
    await terminate(instance);
    later(BOOT_MS);
    expect(await mine()).toEqual([
      [20, 'gp3', 'available', false],
      [6, 'gp2', 'available', true],
    ]);
  });

  it('a launch takes a volume made of a snapshot', async () => {
    const { SnapshotId } = await ec2.send(new CreateSnapshotCommand({ VolumeId: await available() }));
    const instance = await running({ BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId } }] });
    const ofInstance = [{ Name: 'attachment.instance-id', Values: [instance] }];
    const seen = await ec2.send(new DescribeVolumesCommand({ Filters: ofInstance }));
    expect(seen.Volumes?.map((volume) => [volume.Size, volume.SnapshotId])).toContainEqual([10, SnapshotId]);
  });

  it.each([
    ['smaller than the image', [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 4 } }], 'InvalidBlockDeviceMapping'],
    ['without a size', [{ DeviceName: '/dev/sdf', Ebs: {} }], 'MissingParameter'],
    [
      'named twice',
      [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 1 } }, { DeviceName: '/dev/sdf' }],
      'InvalidBlockDeviceMapping',
    ],
    [
      'of a snapshot that does not exist',
      [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-0123456789abcdef0' } }],
      'InvalidSnapshot.NotFound',
    ],
  ])('a launch is refused with a volume %s', async (_, BlockDeviceMappings, code) => {
    expect(await refusal(running({ BlockDeviceMappings }))).toMatchObject({ code, status: 400 });
  });
});
