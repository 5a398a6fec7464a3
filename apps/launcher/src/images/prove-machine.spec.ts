/** What runs is what was tested, or somebody is told. */
import { afterEach, expect, it } from 'vitest';
import { asCaller } from '#testing/app.ts';
import { ACME_VAULT, launcherWorld, type World } from '../testing/world.ts';
import type { InstanceView } from '../instances/instances.schema.ts';
import type { NoticeView } from './scans.schema.ts';

let world: World;
afterEach(() => world.close());

async function ask<T>(path: string, kind: 'vendor' | 'buyer'): Promise<T> {
  const organizationId = kind === 'vendor' ? world.market.vendorId : world.market.buyerId;
  const answer = await fetch(`${world.app.url}${path}`, { headers: await asCaller({ organizationId, kind }) });
  return (await answer.json()) as T;
}

const notices = async (state = 'open'): Promise<NoticeView[]> =>
  (await ask<{ items: NoticeView[] }>(`/v1/image-notices?state=${state}`, 'vendor')).items;
const sandboxTable = (name: string) => world.sandbox.store.table<Record<string, unknown>>(name);
const tested = async (): Promise<string> =>
  (await world.database.sql<{ ami_id: string }>('select ami_id from launcher.image'))[0]!.ami_id;

async function healthyMachine(): Promise<InstanceView> {
  const id = await world.launch();
  await world.app.settle(async () => (await world.instance(id))?.state === 'healthy');
  return ask<InstanceView>(`/v1/instances/${id}`, 'buyer');
}

it('launches what was tested, whatever becomes of the vendor’s image afterwards', async () => {
  world = await launcherWorld();
  await world.app.settle();
  const amiId = await tested();
  // The vendor takes its image back, and registers another one in its place.
  sandboxTable('ec2.image').set(ACME_VAULT, {
    ...sandboxTable('ec2.image').get(ACME_VAULT),
    snapshotId: 'snap-0',
    encrypted: true,
  });
  expect(await healthyMachine()).toMatchObject({ amiId, runsTestedImage: true });
  sandboxTable('ec2.image').delete(ACME_VAULT);
  const second = await healthyMachine();
  expect(second).toMatchObject({ amiId, runsTestedImage: true });
  expect((await world.machines()).find((machine) => machine.instanceId === second.ec2InstanceId)?.imageId).toBe(amiId);
  expect(await notices()).toEqual([]);
});

it('tells the vendor when a machine runs something else, once, until it no longer does', async () => {
  world = await launcherWorld();
  await world.app.settle();
  const amiId = await tested();
  const machine = await healthyMachine();
  // As after somebody replaced the root volume: EC2 then shows the other image.
  const runs = (imageId: string): void => {
    const instance = sandboxTable('ec2.instance').get(machine.ec2InstanceId!);
    sandboxTable('ec2.instance').set(machine.ec2InstanceId!, { ...instance, imageId });
  };
  runs('ami-0123456789abcdef0');
  for (let look = 0; look < 2; look += 1) {
    world.advance({ seconds: 60 });
    await world.app.settle();
  }
  expect(await notices()).toMatchObject([
    {
      kind: 'other_image_runs',
      instanceId: machine.id,
      scanId: null,
      reason: `EC2 says that it runs ami-0123456789abcdef0; what was tested, and what it was launched from, is ${amiId}.`,
    },
  ]);
  expect(await ask<InstanceView>(`/v1/instances/${machine.id}`, 'buyer')).toMatchObject({ amiId, runsTestedImage: false });

  runs(amiId);
  world.advance({ seconds: 60 });
  await world.app.settle();
  expect(await notices()).toEqual([]);
  expect(await notices('all')).toMatchObject([{ instanceId: machine.id, resolvedAt: '2026-01-05T09:03:00.000Z' }]);
});

it('takes the notice back when the machine is gone', async () => {
  world = await launcherWorld();
  const machine = await healthyMachine();
  await world.database.sql(`update launcher.instance set runs_ami_id = 'ami-0123456789abcdef0'`);
  await world.app.settle(async () => (await notices()).length === 1);
  await world.want(machine.id, 'terminated');
  await world.app.settle(async () => (await world.instance(machine.id))?.state === 'terminated');
  await world.app.settle();
  expect(await notices()).toEqual([]);
});
