/** Images, through the official SDK: who sees them, how they are copied and shared. */
import {
  CopyImageCommand,
  DeregisterImageCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  EC2Client,
  ModifyImageAttributeCommand,
  RunInstancesCommand,
  type CopyImageCommandInput,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../server.ts';
import { ACME_POSTGRESQL, ACME_VAULT, ACME_VAULT_BROKEN, ACME_VAULT_NEXT, control, ec2Of, refusal } from '../testing/clients.ts';

const COPY_MS = 60_000;
const ACME = '222233334444';
const GLOBEX = '333344445555';
let sandbox: Sandbox;
let platform: EC2Client;
let acme: EC2Client;
let globex: EC2Client;

beforeAll(async () => {
  sandbox = await startSandbox({ copyMs: COPY_MS });
  platform = ec2Of(sandbox);
  acme = await clientOf('AKIAACME000000000001', ACME);
  globex = await clientOf('AKIAGLOBEX0000000001', GLOBEX);
});
afterAll(() => sandbox.close());

async function clientOf(accessKeyId: string, accountId: string): Promise<EC2Client> {
  const secretAccessKey = `${accessKeyId}-secret`;
  await control(sandbox, '/access-keys', { accessKeyId, secretAccessKey, accountId });
  return ec2Of(sandbox, { credentials: { accessKeyId, secretAccessKey } });
}

const copy = (input: Partial<CopyImageCommandInput> = {}, client = platform) =>
  client.send(new CopyImageCommand({ Name: 'slipway-vault', SourceImageId: ACME_VAULT, SourceRegion: 'us-east-1', ...input }));

async function see(imageId = '', client = platform) {
  const seen = await client.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
  return seen.Images?.[0];
}

describe('DescribeImages', () => {
  it('shows the images that Acme shares, by owner, name, state and id', async () => {
    const byOwner = await platform.send(new DescribeImagesCommand({ Owners: [ACME] }));
    expect(byOwner.Images?.map((image) => image.ImageId)).toEqual(
      expect.arrayContaining([ACME_VAULT, ACME_VAULT_NEXT, ACME_POSTGRESQL, ACME_VAULT_BROKEN]),
    );
    expect(byOwner.Images?.[0]).toMatchObject({
      OwnerId: ACME,
      State: 'available',
      Public: false,
      Architecture: 'x86_64',
      RootDeviceType: 'ebs',
    });
    const Filters = [
      { Name: 'name', Values: ['acme-vault-1.?.0'] },
      { Name: 'state', Values: ['available'] },
      { Name: 'image-id', Values: [ACME_VAULT_NEXT] },
    ];
    const byFilter = await platform.send(new DescribeImagesCommand({ Filters }));
    expect(byFilter.Images?.map((image) => image.Name)).toEqual(['acme-vault-1.1.0']);
    expect((await platform.send(new DescribeImagesCommand({ Owners: ['self'] }))).Images).toEqual([]);
    expect((await acme.send(new DescribeImagesCommand({ Owners: ['self'] }))).Images).toEqual(byOwner.Images);
  });

  it('hides an image from those it is not shared with', async () => {
    expect(await refusal(see(ACME_VAULT, globex))).toMatchObject({ code: 'InvalidAMIID.NotFound', status: 400 });
    expect((await globex.send(new DescribeImagesCommand({ Owners: [ACME] }))).Images).toEqual([]);
  });
});

describe('CopyImage', () => {
  it('makes a private image in the region of the call, pending and then available', async () => {
    const europe = ec2Of(sandbox, { region: 'eu-west-1' });
    const { ImageId } = await copy(
      { TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'slipway:version', Value: 'v1' }] }] },
      europe,
    );
    expect(await see(ImageId, europe)).toMatchObject({
      State: 'pending',
      OwnerId: '111122223333',
      SourceImageId: ACME_VAULT,
      SourceImageRegion: 'us-east-1',
      Tags: [{ Key: 'slipway:version', Value: 'v1' }],
    });
    sandbox.clock.advance(COPY_MS);
    expect(await see(ImageId, europe)).toMatchObject({ State: 'available' });
    expect(await refusal(see(ImageId))).toMatchObject({ code: 'InvalidAMIID.NotFound' });
  });

  it('gives the same copy to the same token, and refuses the token for another copy', async () => {
    const first = await copy({ ClientToken: 'copy-1' });
    expect((await copy({ ClientToken: 'copy-1' })).ImageId).toBe(first.ImageId);
    expect(await refusal(copy({ ClientToken: 'copy-1', Name: 'another' }))).toMatchObject({
      code: 'IdempotentParameterMismatch',
    });
  });

  it('can end as failed, with the reason', async () => {
    await control(sandbox, '/images', {
      name: 'uncopyable',
      ownerId: ACME,
      imageId: 'ami-0acce550000000e01',
      launchPermissions: ['all'],
      copyFails: true,
    });
    const { ImageId } = await copy({ SourceImageId: 'ami-0acce550000000e01' });
    sandbox.clock.advance(COPY_MS);
    expect(await see(ImageId)).toMatchObject({ State: 'failed', StateReason: { Code: 'Client.ImageCopyError' } });
  });

  it('refuses a source that is not there, not shared or not in the named region', async () => {
    expect(await refusal(copy({ SourceImageId: 'ami-0123456789abcdef0' }))).toMatchObject({ code: 'InvalidAMIID.NotFound' });
    expect(await refusal(copy({}, globex))).toMatchObject({ code: 'InvalidAMIID.NotFound' });
    expect(await refusal(copy({ SourceRegion: 'us-west-2' }))).toMatchObject({ code: 'InvalidAMIID.NotFound' });
    expect(await refusal(copy({ SourceRegion: 'mars-1' }))).toMatchObject({ code: 'InvalidRequest' });
  });
});

describe('launch permission', () => {
  it('lets an account launch an image from when it is added until it is removed', async () => {
    const launch = () =>
      globex.send(new RunInstancesCommand({ ImageId: ACME_VAULT_NEXT, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }));
    expect(await refusal(launch())).toMatchObject({ code: 'InvalidAMIID.NotFound' });
    const change = (LaunchPermission: object) =>
      acme.send(new ModifyImageAttributeCommand({ ImageId: ACME_VAULT_NEXT, LaunchPermission }));
    await change({ Add: [{ UserId: GLOBEX }] });
    const shown = await acme.send(new DescribeImageAttributeCommand({ ImageId: ACME_VAULT_NEXT, Attribute: 'launchPermission' }));
    expect(shown.LaunchPermissions).toEqual([{ UserId: '111122223333' }, { UserId: GLOBEX }]);
    await expect(launch()).resolves.toMatchObject({ OwnerId: GLOBEX });
    await change({ Remove: [{ UserId: GLOBEX }] });
    expect(await refusal(launch())).toMatchObject({ code: 'InvalidAMIID.NotFound' });
  });

  it('is changed by the owner alone, and for accounts alone', async () => {
    const change = (client: EC2Client, UserId: string) =>
      client.send(new ModifyImageAttributeCommand({ ImageId: ACME_VAULT, LaunchPermission: { Add: [{ UserId }] } }));
    expect(await refusal(change(platform, GLOBEX))).toMatchObject({ code: 'AuthFailure' });
    expect(await refusal(change(acme, 'globex'))).toMatchObject({ code: 'InvalidAMIAttributeItemValue' });
  });

  it('makes an image public, in the older spelling too', async () => {
    const change = (OperationType: 'add' | 'remove') =>
      acme.send(
        new ModifyImageAttributeCommand({
          ImageId: ACME_VAULT_BROKEN,
          Attribute: 'launchPermission',
          OperationType,
          UserGroups: ['all'],
        }),
      );
    await change('add');
    expect(await see(ACME_VAULT_BROKEN, globex)).toMatchObject({ Public: true });
    await change('remove');
    expect(await refusal(see(ACME_VAULT_BROKEN, globex))).toMatchObject({ code: 'InvalidAMIID.NotFound' });
  });
});

it('an image can be made to insist on IMDSv2', async () => {
  await acme.send(new ModifyImageAttributeCommand({ ImageId: ACME_VAULT, ImdsSupport: { Value: 'v2.0' } }));
  expect(await see(ACME_VAULT)).toMatchObject({ ImdsSupport: 'v2.0' });
});

it('a deregistered image can be neither seen nor launched', async () => {
  const { ImageId } = await copy({ Name: 'short-lived' });
  await platform.send(new DeregisterImageCommand({ ImageId }));
  expect(await refusal(see(ImageId))).toMatchObject({ code: 'InvalidAMIID.NotFound' });
});
