/** Data volumes on the real SDK and the sandbox's EC2: made, attached, outliving machines, let go. */
import { DescribeVolumesCommand, type Volume as Ec2Volume } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ec2Of } from '../../../sandbox/src/testing/clients.ts';
import { launcherWorld, type LaunchGiven, type World } from '../testing/world.ts';

const DATA = { name: 'data', device: '/dev/sdf', sizeGib: 20, type: 'gp3', mountPath: '/var/lib/vault' } as const;
const LOG = { name: 'log', device: '/dev/sdg', sizeGib: 5, type: 'gp3', mountPath: '/var/log/vault' } as const;

let world: World;
beforeAll(async () => {
  world = await launcherWorld({ version: { dataVolumes: [DATA, LOG] } });
  await world.app.settle();
});
afterAll(() => world.close());

const current = (id: string) => world.currentMachine(id);
const isHealthy = (id: string) => async (): Promise<boolean> => (await current(id))?.state === 'healthy';

async function launched(given: LaunchGiven = {}): Promise<string> {
  const id = await world.launch(given);
  await world.app.settle(isHealthy(id));
  return id;
}

async function atEc2(launchId: string): Promise<Ec2Volume[]> {
  const Filters = [{ Name: 'tag:slipway:launch', Values: [launchId] }];
  const { Volumes = [] } = await ec2Of(world.sandbox).send(new DescribeVolumesCommand({ Filters }));
  // The root disk of a machine carries the machine's tags.
  return Volumes.filter(({ Tags = [] }) => Tags.some(({ Key }) => Key === 'slipway:volume'));
}

const lose = async (id: string): Promise<void> => {
  await world.control(`/instances/${(await current(id))!.ec2InstanceId}/lose`);
};

describe('a data volume', () => {
  it('is made where its machine is, tagged and attached, before the appliance is called healthy', async () => {
    const id = await launched({ name: 'Vault of finance', tags: { Team: 'Finance' } });
    const machine = await current(id);
    const [data, log, ...more] = await world.volumes(id);
    expect(more).toEqual([]);
    for (const volume of [data, log])
      expect(volume).toMatchObject({ state: 'attached', instanceId: machine!.id, zone: machine!.zone, replaces: null });

    const disk = (await atEc2(id)).find(({ VolumeId }) => VolumeId === data!.ec2VolumeId);
    expect(disk).toMatchObject({
      Size: 20,
      VolumeType: 'gp3',
      AvailabilityZone: machine!.zone,
      Attachments: [{ InstanceId: machine!.ec2InstanceId, Device: '/dev/sdf', DeleteOnTermination: false }],
    });
    expect(Object.fromEntries(disk!.Tags!.map(({ Key, Value }) => [Key, Value]))).toMatchObject({
      Name: 'Vault of finance data',
      Team: 'Finance',
      'slipway:volume': data!.id,
      'slipway:subscription': world.market.subscriptionId,
    });
    const told = await world.told(id);
    expect(told.lastIndexOf('volume-attached')).toBeLessThan(told.indexOf('healthy'));
    expect(told.filter((kind) => kind === 'volume-attached')).toHaveLength(2);
  });

  it('is made once though EC2 made it and never answered', async () => {
    const id = await world.launch();
    world.sandbox.faults.failNext({ operation: 'CreateVolume', code: '', commitThenTimeOut: true });
    await expect(world.app.settle(isHealthy(id))).rejects.toMatchObject({ code: 'TimeoutError' });
    await world.app.settle(isHealthy(id));
    expect(await atEc2(id)).toHaveLength(2);
  });

  it('outlives its machine: the next one comes up in its zone with the same disks, and the gap is not billed', async () => {
    const id = await launched();
    const lost = (await current(id))!;
    const before = await world.volumes(id);
    world.advance({ minutes: 90 });
    await lose(id);
    await world.app.settle(async () => (await current(id))!.id !== lost.id && (await isHealthy(id)()));
    const next = (await current(id))!;
    expect(next).toMatchObject({ replaces: lost.id, zone: lost.zone });
    expect((await world.volumes(id)).map(({ id: volumeId, ec2VolumeId }) => [volumeId, ec2VolumeId])).toEqual(
      before.map(({ id: volumeId, ec2VolumeId }) => [volumeId, ec2VolumeId]),
    );
    expect((await world.volumes(id)).map(({ instanceId }) => instanceId)).toEqual([next.id, next.id]);
    expect((await world.intervals(lost.id))[0]?.ended_at).toEqual(world.clock.now());
    expect((await world.intervals(next.id))[0]?.started_at).toEqual(world.clock.now());
  });

  it('is deleted at the end of its launch, or kept if its buyer says so', async () => {
    const [gone, kept] = [await launched(), await launched({ keepVolumes: true })];
    for (const id of [gone, kept]) await world.want(id, 'terminated');
    const states = async (id: string): Promise<string[]> => (await world.volumes(id)).map(({ state }) => state);
    await world.app.settle(async () => (await states(gone)).every((state) => state === 'deleted'));
    await world.app.settle(async () => (await states(kept)).every((state) => state === 'available'));
    world.advance({ minutes: 1 });
    expect(await atEc2(gone)).toEqual([]);
    expect((await atEc2(kept)).map(({ State }) => State)).toEqual(['available', 'available']);
    expect(await world.volumes(kept)).toMatchObject([{ wanted: 'kept' }, { wanted: 'kept' }]);
  });
});
