/** Whether a snapshot would do is tried on a scratch machine, on the real SDK and the sandbox's EC2, and nothing of it is left. */
import { DescribeSecurityGroupsCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import type { Volume } from '#tables/launcher/volume.ts';
import { asCaller } from '#testing/app.ts';
import { ec2Of } from '../../../sandbox/src/testing/clients.ts';
import { launcherWorld, type SandboxInstance, type World } from '../testing/world.ts';
import type { SnapshotView } from '../volumes/snapshots.schema.ts';
import { PlanRestoreTest } from './plan-restore-test.ts';
import type { RestoreTestView } from './restore-tests.schema.ts';

const DATA = { name: 'data', device: '/dev/sdf', sizeGib: 20, type: 'gp3', mountPath: '/var/lib/vault' } as const;
const LOG = { name: 'log', device: '/dev/sdg', sizeGib: 5, type: 'gp3', mountPath: '/var/log/vault' } as const;

let world: World;
let id: string;
let data: Volume;
let snapshotId: string;
beforeAll(async () => {
  world = await launcherWorld({ version: { dataVolumes: [DATA, LOG] } });
  await world.app.settle();
  id = await world.launch();
  await world.app.settle(async () => (await world.currentMachine(id))?.state === 'healthy');
  data = (await world.volumes(id)).find(({ name }) => name === 'data')!;
  contents().set(data.ec2VolumeId!, { ledger: 'good' });
  snapshotId = (await call<SnapshotView>('POST', `/v1/volumes/${data.id}/snapshots`)).body.id;
  await world.app.settle(async () => (await call<SnapshotView>('GET', `/v1/snapshots/${snapshotId}`)).body.state === 'completed');
});
afterAll(() => world.close());

const contents = () => world.sandbox.store.table<Record<string, string>>('ec2.contents');

async function call<T>(method: string, path: string, buyerId = world.market.buyerId): Promise<{ status: number; body: T }> {
  const headers = await asCaller({ organizationId: buyerId, kind: 'buyer' });
  const answer = await fetch(`${world.app.url}${path}`, { method, headers });
  return { status: answer.status, body: (await answer.json()) as T };
}

const report = async (testId: string): Promise<RestoreTestView> =>
  (await call<RestoreTestView>('GET', `/v1/restore-tests/${testId}`)).body;
const scratchOf = async (testId: string): Promise<SandboxInstance[]> =>
  (await world.machines()).filter(({ tags }) => tags['slipway:restore-test'] === testId);

describe('a test of a snapshot', () => {
  it('starts a machine of it that nobody else reaches, reports that it is well, leaves nothing, and is not billed', async () => {
    const asked = await call<RestoreTestView>('POST', `/v1/snapshots/${snapshotId}/tests`);
    expect(asked).toMatchObject({ status: 201, body: { state: 'running', snapshotId } });
    const testId = asked.body.id;
    expect((await call<RestoreTestView>('POST', `/v1/snapshots/${snapshotId}/tests`)).body.id).toBe(testId);
    // EC2 makes the machine and never answers: there is one all the same.
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: '', commitThenTimeOut: true });
    await expect(world.app.settle()).rejects.toMatchObject({ code: 'TimeoutError' });
    await world.app.settle(async () => (await report(testId)).state !== 'running');

    const [scratch, ...more] = await scratchOf(testId);
    expect(more).toEqual([]);
    const { SecurityGroups: [group] = [] } = await ec2Of(world.sandbox).send(
      new DescribeSecurityGroupsCommand({ GroupIds: scratch!.groupIds }),
    );
    expect(group?.IpPermissionsEgress).toEqual([]);
    expect(group?.IpPermissions?.flatMap(({ IpRanges = [] }) => IpRanges.map(({ CidrIp }) => CidrIp))).toEqual(['127.0.0.0/8']);
    const Filters = [{ Name: 'tag:slipway:restore-test', Values: [testId] }];
    const { Volumes = [] } = await ec2Of(world.sandbox).send(new DescribeVolumesCommand({ Filters }));
    const disk = Volumes.find(({ Attachments }) => Attachments?.[0]?.Device === '/dev/sdf');
    expect(contents().get(disk!.VolumeId!)).toEqual({ ledger: 'good' });
    expect(Volumes.find(({ Attachments }) => Attachments?.[0]?.Device === '/dev/sdg')).toMatchObject({ Size: 5, SnapshotId: '' });

    await world.app.settle(async () => (await report(testId)).cleanedAt !== null);
    expect(await report(testId)).toMatchObject({
      state: 'passed',
      finding: 'It booted, and its health check answered 200.',
      secondsToHealthy: expect.any(Number),
      disks: [
        { name: 'data', snapshotId },
        { name: 'log', snapshotId: null },
      ],
    });
    expect((await scratchOf(testId)).map(({ state }) => state)).toEqual(['terminated']);
    world.advance({ minutes: 1 });
    expect((await ec2Of(world.sandbox).send(new DescribeVolumesCommand({ Filters }))).Volumes).toEqual([]);
    const groups = await ec2Of(world.sandbox).send(new DescribeSecurityGroupsCommand({}));
    expect(groups.SecurityGroups?.map(({ GroupId }) => GroupId)).not.toContain(group!.GroupId);
    expect(await world.database.sql('select count(*)::int as machines from launcher.instance')).toEqual([{ machines: 1 }]);
    expect(await world.database.sql('select count(*)::int as runs from launcher.run_interval')).toEqual([{ runs: 1 }]);
    expect(await world.told(id)).toContain('restore-test-passed');
  });

  it('fails when the appliance does not come up with it, and leaves nothing either', async () => {
    await world.database.sql(`update api.version set health_path = '/nowhere'`);
    const { body } = await call<RestoreTestView>('POST', `/v1/snapshots/${snapshotId}/tests`);
    await world.app.settle(async () => (await report(body.id)).startedAt !== null);
    world.advance({ seconds: 301 });
    await world.app.settle(async () => (await report(body.id)).cleanedAt !== null);
    await world.database.sql(`update api.version set health_path = '/health'`);
    expect(await report(body.id)).toMatchObject({ state: 'failed', finding: expect.stringContaining('did not boot') });
    expect((await scratchOf(body.id)).map(({ state }) => state)).toEqual(['terminated']);
  });

  it('is made by schedule, once in each of its spans though two work at once', async () => {
    const count = async (): Promise<number> =>
      (await call<{ items: RestoreTestView[] }>('GET', `/v1/restore-tests?launchId=${id}`)).body.items.length;
    await world.want(id, 'running', { restoreTestEveryDays: 7 });
    const stage = world.app.nest.get(PlanRestoreTest, { strict: false });
    expect(await stage.due()).toEqual([]);
    world.advance({ days: 7 });
    expect(await stage.due()).toEqual([id]);
    await Promise.all([stage.work(id), stage.work(id)]);
    await stage.work(id);
    expect(await count()).toBe(3);
    expect(await stage.due()).toEqual([]);
    await world.want(id, 'running', { restoreTestEveryDays: null });
    const { body } = await call<{ items: RestoreTestView[] }>('GET', `/v1/restore-tests?launchId=${id}`);
    await world.app.settle(async () => (await report(body.items[0]!.id)).cleanedAt !== null);
    expect(await report(body.items[0]!.id)).toMatchObject({ state: 'passed', snapshotId });
    world.advance({ days: 8 });
    expect(await stage.due()).toEqual([]);
  });

  it('is its buyer’s alone', async () => {
    expect(await call('POST', `/v1/snapshots/${snapshotId}/tests`, newId())).toMatchObject({ status: 404 });
    const { body } = await call<{ items: RestoreTestView[] }>('GET', `/v1/restore-tests?launchId=${id}`);
    expect(body.items.map(({ state }) => state)).toEqual(['passed', 'failed', 'passed']);
    expect(await call('GET', `/v1/restore-tests/${body.items[0]!.id}`, newId())).toMatchObject({ status: 404 });
    expect((await call<{ items: unknown[] }>('GET', '/v1/restore-tests', newId())).body.items).toEqual([]);
  });
});
