/** Data volumes as their buyer sees them and lets go of them, over HTTP, on the sandbox's EC2. */
import {
  CreateVolumeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
  type Volume as Ec2Volume,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller } from '#testing/app.ts';
import { connect, makeRole } from '../testing/connections.ts';
import { ec2Of } from '../../../sandbox/src/testing/clients.ts';
import { launcherWorld, type LaunchGiven, type World } from '../testing/world.ts';
import type { VolumeView } from './volumes.schema.ts';

const GLOBEX = '333344445555';
const GLOBEX_KEY = { accessKeyId: 'AKIAGLOBEXSANDBOX001', secretAccessKey: 'a-secret-of-globex-in-the-sandbox' };

let world: World;
beforeAll(async () => {
  world = await launcherWorld({
    version: { dataVolumes: [{ name: 'data', device: '/dev/sdf', sizeGib: 20, type: 'gp3', mountPath: '/data' }] },
  });
  // Named one by one: the SDK writes a mark of its own on credentials that it was given.
  const { accessKeyId, secretAccessKey } = GLOBEX_KEY;
  await world.control('/access-keys', { accessKeyId, secretAccessKey, accountId: GLOBEX });
  await world.app.settle();
});
afterAll(() => world.close());

const globexEc2 = (): EC2Client => new EC2Client({ region: 'us-east-1', endpoint: world.sandbox.ec2, credentials: GLOBEX_KEY });

async function call<T = VolumeView & { code?: string }>(
  method: string,
  path: string,
  body?: object,
  as = world.market.buyerId,
): Promise<T & { status: number }> {
  const answer = await fetch(`${world.app.url}/v1/volumes${path}`, {
    method,
    headers: { ...(await asCaller({ organizationId: as, kind: 'buyer' })), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { ...((await answer.json()) as T), status: answer.status };
}

const is = (id: string, state: string) => async (): Promise<boolean> => (await call('GET', `/${id}`)).state === state;
const comesTo = (id: string, state: string): Promise<void> => world.app.settle(is(id, state));
const volumeOf = async (launchId: string): Promise<VolumeView> =>
  (await call<{ items: VolumeView[] }>('GET', `?launchId=${launchId}`)).items[0]!;

async function launched(given: LaunchGiven = {}, connectionId: string | null = null): Promise<string> {
  const id = await world.launch(given);
  await world.database.sql('update api.launch set aws_connection_id = $2 where id = $1', [id, connectionId]);
  await world.app.settle(async () => (await world.instance(id))?.state === 'healthy');
  return id;
}

/** A volume that was kept when its launch ended. */
async function kept(connectionId: string | null = null): Promise<VolumeView> {
  const id = await launched({ keepVolumes: true }, connectionId);
  await world.want(id, 'terminated');
  const volume = await volumeOf(id);
  await comesTo(volume.id, 'available');
  return call('GET', `/${volume.id}`);
}

async function atEc2(volumeId: string, ec2 = ec2Of(world.sandbox)): Promise<Ec2Volume | undefined> {
  const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({ Filters: [{ Name: 'volume-id', Values: [volumeId] }] }));
  return Volumes[0];
}

it('shows a volume to its buyer, with where it is and which machine holds it, and to nobody else', async () => {
  const launchId = await launched();
  const volume = await volumeOf(launchId);
  expect(volume).toMatchObject({ name: 'data', state: 'attached', wanted: 'attached', instanceId: launchId, sizeGib: 20 });
  expect(await atEc2(volume.ec2VolumeId!)).toMatchObject({ AvailabilityZone: volume.zone });
  for (const [method, path, body] of [
    ['GET', ''],
    ['PUT', '/release', {}],
    ['DELETE', ''],
  ] as const)
    expect(await call(method, `/${volume.id}${path}`, body, newId())).toMatchObject({ status: 404 });
  expect(await call('GET', '', undefined, newId())).toMatchObject({ items: [] });
});

it('is not taken from a machine that may be writing to it', async () => {
  const { id } = await volumeOf(await launched());
  expect(await call('PUT', `/${id}/release`, {})).toMatchObject({ status: 409, code: 'volume_in_use' });
  expect(await call('DELETE', `/${id}`)).toMatchObject({ status: 409, code: 'volume_in_use' });
});

it('is taken from a machine that is stopped', async () => {
  const launchId = await launched();
  const { id } = await volumeOf(launchId);
  await world.want(launchId, 'stopped');
  await world.app.settle(async () => (await world.instance(launchId))?.state === 'stopped');
  expect(await call('DELETE', `/${id}`)).toMatchObject({ status: 200, wanted: 'deleted' });
  await comesTo(id, 'deleted');
  expect(await call('PUT', `/${id}/release`, {})).toMatchObject({ status: 409, code: 'volume_over' });
});

it('of the marketplace’s account is handed to its buyer as a snapshot of all that is on it, and costs the marketplace nothing more', async () => {
  const { id, ec2VolumeId } = await kept();
  expect(await call('PUT', `/${id}/release`, { awsAccountId: 'mine' })).toMatchObject({ status: 400 });
  expect(await call('PUT', `/${id}/release`, { awsAccountId: GLOBEX })).toMatchObject({ wanted: 'released', releasedTo: GLOBEX });
  await comesTo(id, 'released');
  const { snapshotId } = await call('GET', `/${id}`);
  const seen = await globexEc2().send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId!] }));
  expect(seen.Snapshots).toMatchObject([{ State: 'completed', VolumeSize: 20, OwnerId: '111122223333' }]);
  const made = await globexEc2().send(new CreateVolumeCommand({ SnapshotId: snapshotId!, AvailabilityZone: 'us-east-1a' }));
  expect(made).toMatchObject({ Size: 20 });
  world.advance({ minutes: 1 });
  expect(await atEc2(ec2VolumeId!)).toBeUndefined();
  // Asked again, it is the same.
  expect(await call('PUT', `/${id}/release`, { awsAccountId: GLOBEX })).toMatchObject({ status: 200, state: 'released' });
});

it('is handed over though EC2 never answered when it was deleted', async () => {
  const { id } = await kept();
  world.sandbox.faults.failNext({ operation: 'DeleteVolume', code: '', commitThenTimeOut: true });
  await call('PUT', `/${id}/release`, { awsAccountId: GLOBEX });
  await expect(comesTo(id, 'released')).rejects.toMatchObject({ code: 'TimeoutError' });
  world.advance({ minutes: 5 });
  await comesTo(id, 'released');
});

it('is kept when its last snapshot cannot be taken, and handed over when it is asked for again', async () => {
  const { id, ec2VolumeId } = await kept();
  world.sandbox.faults.failNext({ operation: 'CreateSnapshot', code: 'InvalidParameterValue' });
  await call('PUT', `/${id}/release`, { awsAccountId: GLOBEX });
  await world.app.settle(async () => (await call('GET', `/${id}`)).failure !== null);
  expect(await call('GET', `/${id}`)).toMatchObject({ wanted: 'kept', failure: expect.stringContaining('Ask again') });
  expect(await atEc2(ec2VolumeId!)).toMatchObject({ State: 'available' });
  await call('PUT', `/${id}/release`, { awsAccountId: GLOBEX });
  await comesTo(id, 'released');
});

it('of the buyer’s own account stays there, and is left alone from then on', async () => {
  await world.database.sql(
    `insert into api.listing (product_id, slug, summary, description, category, state, version_id, listed_at)
     values ($1, 'acme-vault', 'Keeps secrets.', 'Long.', 'security', 'public', $2, $3)`,
    [world.market.productId, world.market.versionId, world.clock.now()],
  );
  const connection = await connect(world);
  await makeRole(world, connection, { externalId: connection.externalId });
  const { id, ec2VolumeId } = await kept(connection.id);
  expect(await call('PUT', `/${id}/release`, {})).toMatchObject({ wanted: 'released', releasedTo: null });
  await comesTo(id, 'released');
  const disk = await atEc2(ec2VolumeId!, globexEc2());
  expect(disk).toMatchObject({ State: 'available', Tags: expect.arrayContaining([{ Key: 'slipway:released', Value: GLOBEX }]) });
  expect(await call('DELETE', `/${id}`)).toMatchObject({ status: 409, code: 'volume_over' });
  world.advance({ days: 3 });
  await world.app.settle();
  expect(await atEc2(ec2VolumeId!, globexEc2())).toEqual(disk);
});
