/** DryRun: every action of the sandbox answers it before anything is looked up or done. */
import * as sdk from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ec2Of, refusal } from '../testing/clients.ts';
import { ec2Actions } from './actions.ts';

let sandbox: Sandbox;
let ec2: sdk.EC2Client;

beforeAll(async () => {
  sandbox = await startSandbox();
  ec2 = ec2Of(sandbox);
});
afterAll(() => sandbox.close());

/** What an action cannot be called without. */
const NEEDED: Record<string, object> = {
  AttachVolume: { VolumeId: 'vol-1', InstanceId: 'i-1', Device: '/dev/sdf' },
  CopyImage: { Name: 'copy', SourceImageId: 'ami-1', SourceRegion: 'us-east-1' },
  CopySnapshot: { SourceSnapshotId: 'snap-1', SourceRegion: 'us-east-1' },
  CreateKeyPair: { KeyName: 'key' },
  CreatePlacementGroup: { GroupName: 'group', Strategy: 'spread' },
  CreateSecurityGroup: { GroupName: 'group', Description: 'group' },
  CreateSnapshot: { VolumeId: 'vol-1' },
  CreateTags: { Resources: ['i-1'], Tags: [{ Key: 'a', Value: 'b' }] },
  DeletePlacementGroup: { GroupName: 'group' },
  DeleteSnapshot: { SnapshotId: 'snap-1' },
  DeleteTags: { Resources: ['i-1'] },
  DeleteVolume: { VolumeId: 'vol-1' },
  DeregisterImage: { ImageId: 'ami-1' },
  DescribeImageAttribute: { ImageId: 'ami-1', Attribute: 'description' },
  DescribeSnapshotAttribute: { SnapshotId: 'snap-1', Attribute: 'createVolumePermission' },
  DetachVolume: { VolumeId: 'vol-1' },
  GetConsoleOutput: { InstanceId: 'i-1' },
  ImportKeyPair: { KeyName: 'key', PublicKeyMaterial: Buffer.from('key') },
  ModifyImageAttribute: { ImageId: 'ami-1' },
  ModifySnapshotAttribute: { SnapshotId: 'snap-1' },
  RebootInstances: { InstanceIds: ['i-1'] },
  RevokeSecurityGroupEgress: { GroupId: 'sg-1' },
  RunInstances: { ImageId: 'ami-1', MinCount: 1, MaxCount: 1 },
  StartInstances: { InstanceIds: ['i-1'] },
  StopInstances: { InstanceIds: ['i-1'] },
  TerminateInstances: { InstanceIds: ['i-1'] },
};

type AnyCommand = new (input: object) => sdk.DescribeInstancesCommand;
const commands = sdk as unknown as Record<string, AnyCommand>;

it.each(Object.keys(ec2Actions).sort())('%s would have succeeded', async (name) => {
  const Command = commands[`${name}Command`];
  if (!Command) throw new Error(`The SDK has no ${name}Command`);
  const call = ec2.send(new Command({ DryRun: true, ...NEEDED[name] }));
  expect(await refusal(call)).toMatchObject({ code: 'DryRunOperation', status: 412 });
});
