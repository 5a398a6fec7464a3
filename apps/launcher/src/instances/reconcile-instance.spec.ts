/** From a launch to a machine that answers at a URL, and to its end, on the real SDK and the sandbox's EC2. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#platform/ids.ts';
import { asCaller, type AppUnderTest } from '#testing/app.ts';
import { Ec2Machines } from '../ec2/machines.ts';
import { ownPlace } from '../ec2/place.ts';
import { launcherWorld, type SandboxInstance, type World } from '../testing/world.ts';
import type { InstanceView } from './instances.schema.ts';
import { ReconcileInstance } from './reconcile-instance.ts';
import { ReconcileLaunch } from './reconcile-launch.ts';

let world: World;
beforeEach(async () => {
  world = await launcherWorld();
  await world.app.settle();
});
afterEach(() => world.close());

const is = (id: string, state: string) => async (): Promise<boolean> => (await world.instance(id))?.state === state;
/** What one ring at its launch leads to. */
async function reconcile({ nest }: AppUnderTest, id: string): Promise<void> {
  await nest.get(ReconcileLaunch, { strict: false }).work(id);
  await nest.get(ReconcileInstance, { strict: false }).work(id);
}
const machinesOf = async (launchId: string): Promise<SandboxInstance[]> =>
  (await world.machines()).filter((machine) => machine.tags['slipway:launch'] === launchId);
const isGoing = expect.stringMatching(/shutting-down|terminated/);

async function launched(): Promise<string> {
  const id = await world.launch();
  await world.app.settle(is(id, 'healthy'));
  return id;
}

async function get<T>(
  path: string,
  kind: 'buyer' | 'vendor' | 'operator',
  organizationId?: string,
): Promise<{ status: number; body: T }> {
  const own = { buyer: world.market.buyerId, vendor: world.market.vendorId, operator: newId() }[kind];
  const answer = await fetch(`${world.app.url}${path}`, {
    headers: await asCaller({ organizationId: organizationId ?? own, kind }),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}

describe('a launch', () => {
  it('becomes a machine that answers at its URL, is billed from EC2’s launch time on, and rings metering', async () => {
    const id = await launched();
    const { body } = await get<InstanceView>(`/v1/instances/${id}`, 'buyer');
    expect(body).toMatchObject({ state: 'healthy', product: 'Acme Vault', failure: null });
    expect((await fetch(`${body.url}health`)).status).toBe(200);

    const [machine, ...more] = await machinesOf(id);
    expect(more).toEqual([]);
    expect(machine).toMatchObject({
      metadata: { httpTokens: 'required', hopLimit: 2 },
      tags: {
        Name: 'Acme Vault 1.0.0',
        'slipway:subscription': world.market.subscriptionId,
        'slipway:product': world.market.productId,
      },
    });
    expect(JSON.parse(Buffer.from(machine?.userData ?? '', 'base64').toString())).toEqual({
      slipway: { launchId: id, productCode: world.market.productCode, meteringUrl: 'http://metering.test:4020' },
    });
    expect(await world.intervals(id)).toEqual([{ started_at: new Date('2026-01-05T09:00:00Z'), ended_at: null }]);
    expect(await world.rungFor('metering.meter-runtime', world.market.subscriptionId)).toBe(true);
  });

  it('ends when its buyer says so, and its interval closes at EC2’s own time', async () => {
    const id = await launched();
    world.advance({ hours: 3 });
    await world.want(id, 'terminated');
    await reconcile(world.app, id);
    world.advance({ minutes: 20 });
    await world.app.settle();
    expect(await world.instance(id)).toMatchObject({ state: 'terminated', failure: null, url: null });
    expect(await world.intervals(id)).toEqual([
      { started_at: new Date('2026-01-05T09:00:00Z'), ended_at: new Date('2026-01-05T12:00:00Z') },
    ]);
    expect((await machinesOf(id)).map((machine) => machine.state)).toEqual(['terminated']);
  });

  it('makes one machine though two launchers work on it at once', async () => {
    const id = await world.launch();
    const apps = [world.app, await world.another()];
    for (let round = 0; round < 40 && !(await is(id, 'healthy')()); round += 1) {
      await Promise.all(apps.map((app) => reconcile(app, id)));
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    expect(await world.instance(id)).toMatchObject({ state: 'healthy' });
    expect(await machinesOf(id)).toHaveLength(1);
    expect(await world.intervals(id)).toHaveLength(1);
  });

  it('makes one machine though EC2 made it and never answered', async () => {
    const id = await world.launch();
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: '', commitThenTimeOut: true });
    await expect(world.app.settle()).rejects.toMatchObject({ name: 'Ec2Error', kind: 'unavailable' });
    expect(await world.instance(id)).toMatchObject({ state: 'planned', ec2_instance_id: null });
    await world.app.settle(is(id, 'healthy'));
    expect(await machinesOf(id)).toHaveLength(1);
  });

  it('ends the machine that EC2 made and never answered for, when its buyer no longer wants it', async () => {
    const id = await world.launch();
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: '', commitThenTimeOut: true });
    await expect(world.app.settle()).rejects.toThrow();
    await world.want(id, 'terminated');
    await world.app.settle();
    expect(await world.instance(id)).toMatchObject({ state: 'terminated' });
    expect((await machinesOf(id)).map((machine) => machine.state)).toEqual([isGoing]);
  });

  it('is tried again when EC2 has no room or too much to do', async () => {
    const id = await world.launch();
    for (const code of ['InsufficientInstanceCapacity', 'RequestLimitExceeded']) {
      world.sandbox.faults.failNext({ operation: 'RunInstances', code });
      await expect(world.app.settle()).rejects.toThrow(code);
      expect(await world.instance(id)).toMatchObject({ state: 'planned', failure: null });
    }
    await world.app.settle(is(id, 'healthy'));
    expect(await machinesOf(id)).toHaveLength(1);
  });

  it('goes on after the launcher died between the intent and the call', async () => {
    const id = await world.launch();
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: 'ServiceUnavailable' });
    await expect(world.app.settle()).rejects.toThrow();
    expect((await world.instance(id))?.attempted_at).not.toBeNull();
    const restarted = await world.another();
    await restarted.settle(is(id, 'healthy'));
    expect(await machinesOf(id)).toHaveLength(1);
  });

  it('fails with EC2’s reason when EC2 refuses it', async () => {
    const id = await world.launch({ instanceType: 't4g.small' });
    await world.app.settle();
    expect(await world.instance(id)).toMatchObject({ state: 'failed', ec2_instance_id: null });
    expect((await world.instance(id))?.failure).toMatch(/^EC2 refused the launch: .*architecture/);
    expect(await world.intervals(id)).toEqual([]);
  });

  it('is refused to a buyer who is past due', async () => {
    await world.database.sql("insert into billing.standing (buyer_id, state, since) values ($1, 'past_due', $2)", [
      world.market.buyerId,
      world.clock.now(),
    ]);
    const id = await world.launch();
    await world.app.settle();
    expect(await world.instance(id)).toMatchObject({
      state: 'failed',
      failure: 'Not launched: an invoice is past due. Pay it, then launch again.',
    });
    expect(await machinesOf(id)).toEqual([]);
  });

  it('that was taken back before anybody looked makes no machine', async () => {
    const id = await world.launch();
    await world.want(id, 'terminated');
    await world.app.settle();
    expect(await world.instance(id)).toMatchObject({ state: 'terminated', failure: null });
    expect(await machinesOf(id)).toEqual([]);
  });

  it('ends with its subscription', async () => {
    const id = await launched();
    world.advance({ hours: 1 });
    await world.database.sql('update api.subscription set ended_at = $2 where id = $1', [
      world.market.subscriptionId,
      world.clock.now(),
    ]);
    await world.app.settle();
    expect(await world.instance(id)).toMatchObject({ state: 'terminated', failure: null });
    expect((await world.intervals(id))[0]?.ended_at).toEqual(new Date('2026-01-05T10:00:00Z'));
    const late = await world.launch();
    await world.app.settle();
    expect(await machinesOf(late)).toEqual([]);
  });
});

describe('a machine', () => {
  it('that is lost behind our back is written off: terminated, its interval closed, and why', async () => {
    const id = await launched();
    world.advance({ hours: 2 });
    await fetch(`${world.sandbox.control}/instances/${(await machinesOf(id))[0]?.instanceId}/lose`, { method: 'POST' });
    await world.app.settle();
    expect(await world.instance(id)).toMatchObject({ state: 'terminated', url: null });
    expect((await world.instance(id))?.failure).toContain('ended without being told to: Server.InternalError');
    expect((await world.intervals(id))[0]?.ended_at).toEqual(new Date('2026-01-05T11:00:00Z'));
  });

  it('that EC2 does not show yet is not gone, and one that it no longer shows is', async () => {
    const id = await launched();
    world.sandbox.faults.failNext({ operation: 'DescribeInstances', code: 'InvalidInstanceID.NotFound' });
    await reconcile(world.app, id);
    expect(await world.instance(id)).toMatchObject({ state: 'healthy' });

    world.advance({ minutes: 10 });
    world.sandbox.faults.failNext({ operation: 'DescribeInstances', code: 'InvalidInstanceID.NotFound' });
    await reconcile(world.app, id);
    expect(await world.instance(id)).toMatchObject({ state: 'terminated' });
    // Nobody saw it end: it is billed for no longer than it was seen.
    expect((await world.intervals(id))[0]?.ended_at).toEqual(new Date('2026-01-05T09:00:00Z'));
  });

  it('is not billed while it is stopped, and again from its new start on', async () => {
    const id = await launched();
    const ec2 = world.app.nest.get(Ec2Machines, { strict: false });
    const ec2Id = String((await world.instance(id))?.ec2_instance_id);
    world.advance({ hours: 1 });
    await ec2.stop(ownPlace('us-east-1'), ec2Id);
    await world.app.settle(is(id, 'stopped'));
    world.advance({ hours: 5 });
    await ec2.start(ownPlace('us-east-1'), ec2Id);
    await world.app.settle(is(id, 'healthy'));
    expect(await world.intervals(id)).toEqual([
      { started_at: new Date('2026-01-05T09:00:00Z'), ended_at: new Date('2026-01-05T10:00:00Z') },
      { started_at: new Date('2026-01-05T15:00:00Z'), ended_at: null },
    ]);
  });

  it('is seen by its buyer, its vendor and operators, and is not there for anybody else', async () => {
    const id = await launched();
    expect((await get<{ items: unknown[] }>('/v1/instances', 'buyer')).body.items).toHaveLength(1);
    expect((await get<{ items: unknown[] }>('/v1/instances', 'operator')).body.items).toHaveLength(1);
    const [asVendor] = (await get<{ items: InstanceView[] }>('/v1/instances', 'vendor')).body.items;
    expect(asVendor).toMatchObject({ id, state: 'healthy', url: null, publicAddress: null });

    expect((await get(`/v1/instances/${id}`, 'buyer', newId())).status).toBe(404);
    expect((await get(`/v1/instances/${id}`, 'vendor', newId())).status).toBe(404);
    expect((await get(`/v1/instances/${id}/console`, 'buyer', newId())).status).toBe(404);
    expect((await get<{ items: unknown[] }>('/v1/instances', 'buyer', newId())).body.items).toEqual([]);
    expect((await get('/v1/instances/not-an-id', 'buyer')).status).toBe(400);
  });

  it('shows its console to its buyer', async () => {
    const id = await launched();
    const { body } = await get<{ output: string }>(`/v1/instances/${id}/console`, 'buyer');
    expect(body.output).toContain('login:');
    expect((await get(`/v1/instances/${id}/console`, 'vendor')).status).toBe(403);
  });
});
