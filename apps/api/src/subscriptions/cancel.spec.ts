/**
 * What a machine's loss and a subscription's end come to in metering and billing: an outage is not billed, and after the end nothing is,
 * however long one waits. Api, launcher, metering and billing are real, EC2 and Stripe the sandbox's.
 */
import {
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AwsConnectionView } from '../aws-connections/aws-connections.schema.ts';
import { GLOBEX_AWS, oneOrigin, type OneOrigin } from '../testing/one-origin.ts';

interface VolumeSeen {
  id: string;
  state: string;
  zone: string;
  ec2VolumeId: string;
  instanceId: string | null;
  snapshotId: string | null;
}

let world: OneOrigin;
let launchId: string;
let connection: AwsConnectionView;
beforeAll(async () => {
  world = await oneOrigin({
    withMoney: true,
    // A cent for each 36 seconds.
    prices: [{ model: 'hourly', rate: '1', increment: 'second' }],
    version: { dataVolumes: [{ name: 'data', device: '/dev/sdf', sizeGib: 20, type: 'gp3', mountPath: '/data' }] },
  });
  connection = await world.connect();
}, 60_000);
afterAll(() => world.close());

const at = (time: string): Date => new Date(`2026-01-05T${time}Z`);
const goTo = (instant: Date): void => world.advance({ seconds: (instant.getTime() - world.clock.now().getTime()) / 1000 });

const intervals = (): Promise<Array<{ started_at: Date; ended_at: Date | null }>> =>
  world.database.sql(
    `select run_interval.started_at, run_interval.ended_at from launcher.run_interval
       join launcher.instance on instance.id = run_interval.instance_id where instance.launch_id = $1 order by 1`,
    [launchId],
  );

const seconds = async (): Promise<number> => {
  const [row] = await world.database.sql<{ seconds: string }>(
    `select coalesce(sum(quantity), 0) as seconds from metering.usage_rollup where subscription_id = $1`,
    [world.subscriptionId],
  );
  return Number(row!.seconds);
};

async function dataVolume(id = launchId): Promise<VolumeSeen> {
  const { items } = await world.globex.get<{ items: VolumeSeen[] }>(`/v1/volumes?launchId=${id}`);
  expect(items).toHaveLength(1);
  return items[0]!;
}

/** Everything that could be added to, counted. */
async function accrued(): Promise<Record<string, unknown>> {
  const [counts] = await world.database.sql(
    `select (select count(*) from metering.usage_record) as records, (select count(*) from metering.usage_adjustment) as adjustments,
            (select sum(quantity) from metering.usage_rollup) as quantity, (select count(*) from launcher.run_interval) as runs,
            (select count(*) from launcher.run_interval where ended_at is null) as open_runs, (select count(*) from billing.period) as periods,
            (select count(*) from billing.charge) as charges, (select count(*) from billing.invoice) as invoices,
            (select count(*) from billing.invoice_line) as lines, (select count(*) from launcher.snapshot) as snapshots`,
  );
  return counts!;
}

it('does not bill an outage: the dead machine to the second it ended, its replacement from its launch on, with the same disk', async () => {
  launchId = await world.launched();
  const before = await dataVolume();
  const dead = (await world.machineOf(launchId))!;
  goTo(at('10:17:43'));
  await world.ec2().send(new TerminateInstancesCommand({ InstanceIds: [dead.instanceId] }));
  // Nobody looks for more than two minutes.
  goTo(at('10:20:00'));
  await world.settle(
    async () => (await world.machineOf(launchId))!.instanceId !== dead.instanceId && (await world.is(launchId, 'healthy')()),
  );
  expect(await intervals()).toEqual([
    { started_at: at('09:00:00'), ended_at: at('10:17:43') },
    { started_at: at('10:20:00'), ended_at: null },
  ]);
  const after = await dataVolume();
  expect(after).toMatchObject({ id: before.id, ec2VolumeId: before.ec2VolumeId, state: 'attached' });
  expect(after.instanceId).not.toBe(before.instanceId);
  const { Reservations } = await world
    .ec2()
    .send(new DescribeInstancesCommand({ InstanceIds: [(await world.machineOf(launchId))!.instanceId] }));
  expect(Reservations![0]!.Instances![0]).toMatchObject({ Placement: { AvailabilityZone: before.zone } });
});

it('ends everything with the subscription: snapshot, machine, shares, the last second', async () => {
  const second = await world.launched({ awsConnectionId: connection.id });
  goTo(at('12:00:00'));
  await world.globex.delete(`/v1/subscriptions/${world.subscriptionId}?snapshot=true&volumes=keep`);
  await world.settle(async () => (await world.is(launchId, 'terminated')()) && (await world.is(second, 'terminated')()));
  world.advance({ minutes: 5 });
  await world.settle();
  expect((await intervals()).at(-1)).toEqual({ started_at: at('10:20:00'), ended_at: at('12:00:00') });

  const { Reservations = [] } = await world.ec2().send(new DescribeInstancesCommand({}));
  expect(Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name))).not.toContain('running');
  const { Snapshots } = await world.ec2().send(new DescribeSnapshotsCommand({ SnapshotIds: [(await dataVolume()).snapshotId!] }));
  expect(Snapshots).toMatchObject([{ State: 'completed' }]);
  expect((await dataVolume()).state).toBe('available');
  expect((await dataVolume(second)).state).toBe('available');
  expect(await world.globex.get('/v1/image-shares')).toEqual({ items: [] });
  const shared = await world.ec2('globex').send(new DescribeImagesCommand({ ExecutableUsers: ['self'] }));
  expect(shared.Images).toEqual([]);

  // 09:00:00 to 10:17:43, 10:20:00 to 12:00:00, and the second machine from 10:20:00 to 12:00:00.
  expect(await seconds()).toBe(4_663 + 6_000 + 6_000);
  const [counted] = await world.database.sql(
    `select until = 'infinity' as is_last from metering.metered_until where subscription_id = $1`,
    [world.subscriptionId],
  );
  expect(counted).toEqual({ is_last: true });
  // Asked again, it is the same.
  const ended = await world.globex.delete<{ endedAt: string }>(`/v1/subscriptions/${world.subscriptionId}?volumes=delete`);
  expect(ended.endedAt).toBe(at('12:00:00').toISOString());
});

it('accrues nothing afterwards, however many days and months go by', async () => {
  const atTheEnd = await accrued();
  expect(atTheEnd).toMatchObject({ open_runs: '0', periods: '1', charges: '0', lines: '0' });
  for (const days of [1, 9]) {
    world.advance({ days });
    await world.settle();
    expect(await accrued()).toEqual(atTheEnd);
  }
  goTo(new Date('2026-02-01T07:00:00Z'));
  await world.settle();
  const invoiced = await accrued();
  expect(invoiced).toEqual({ ...atTheEnd, charges: '1', invoices: '1', lines: '1' });
  const { items } = await world.globex.get<{ items: Array<{ totalMinor: string }> }>('/v1/invoices');
  // 16,663 seconds at 1 USD an hour: 4.62861… USD.
  expect(items).toMatchObject([{ totalMinor: '463' }]);
  for (const days of [14, 62]) {
    world.advance({ days });
    await world.settle();
    expect(await accrued()).toEqual(invoiced);
  }
}, 60_000);

it('leaves its buyer the data of a product that is no longer sold, and the connection to be removed', async () => {
  await world.acme.put(`/v1/products/${world.productId}/listing`, { ...world.listing, state: 'restricted' });
  const [platforms, globexs] = (
    await world.globex.get<{ items: Array<VolumeSeen & { awsConnectionId: string | null }> }>('/v1/volumes')
  ).items.sort((a, b) => Number(a.awsConnectionId !== null) - Number(b.awsConnectionId !== null));
  await expect(world.globex.delete(`/v1/aws-connections/${connection.id}`)).rejects.toMatchObject({
    problem: { code: 'connection_in_use', detail: expect.stringContaining('A data volume is kept through this connection') },
  });
  await world.globex.put(`/v1/volumes/${platforms!.id}/release`, { awsAccountId: GLOBEX_AWS });
  await world.globex.put(`/v1/volumes/${globexs!.id}/release`, {});
  await world.settle();
  for (const { id } of [platforms!, globexs!])
    expect(await world.globex.get(`/v1/volumes/${id}`)).toMatchObject({ state: 'released' });
  const { snapshotId } = await world.globex.get<VolumeSeen>(`/v1/volumes/${platforms!.id}`);
  const seen = await world.ec2('globex').send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId!] }));
  expect(seen.Snapshots).toHaveLength(1);
  const { Volumes } = await world.ec2('globex').send(new DescribeVolumesCommand({ VolumeIds: [globexs!.ec2VolumeId] }));
  expect(Volumes).toMatchObject([{ State: 'available' }]);
  await world.globex.delete(`/v1/aws-connections/${connection.id}`);
});
