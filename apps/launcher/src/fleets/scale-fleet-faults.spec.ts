/** What may go wrong while a fleet changes its size. Never are there more machines than wanted, and never is one there twice. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ReconcileInstance } from '../instances/reconcile-instance.ts';
import { fleetWorld, QUEUE, type FleetWorld } from '../testing/fleet-world.ts';

let world: FleetWorld;
beforeEach(async () => {
  world = await fleetWorld();
});
afterEach(() => world.close());

/** Machines of a fleet that EC2 has, by the token that each was asked for with. */
const machinesOf = async (fleetId: string): Promise<string[]> => {
  const alive = (await world.machines()).filter(({ state }) => state === 'pending' || state === 'running');
  const ids = new Set((await world.members(fleetId)).map(({ id }) => id));
  return alive.map(({ tags }) => tags['slipway:instance']!).filter((id) => ids.has(id));
};
const wanted = async (fleetId: string): Promise<number> =>
  (await world.members(fleetId)).filter((row) => row.desired === 'running' && !['terminated', 'failed'].includes(row.state))
    .length;

async function until(holds: () => Promise<boolean>, step: () => Promise<void>): Promise<void> {
  for (let round = 0; round < 60; round += 1) {
    await step();
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('It did not come to that in 60 rounds.');
}
const hasServing = (fleetId: string, count: number) => async (): Promise<boolean> =>
  (await world.serving(fleetId)).length === count;

describe('a fleet', () => {
  it('that two launchers scale at once is scaled once, out and in', async () => {
    const id = await world.fleet({ fixed_machines: 5 });
    const apps = [world.app, await world.another(), await world.another()];
    const everybody = async (): Promise<void> => {
      await Promise.all(apps.map((app) => world.workAll(id, app)));
      expect(await wanted(id)).toBeLessThanOrEqual(5);
      expect((await machinesOf(id)).length).toBeLessThanOrEqual(5);
    };
    await until(hasServing(id, 5), everybody);
    expect(await world.members(id)).toHaveLength(5);
    expect(new Set(await machinesOf(id)).size).toBe(5);

    await world.change(id, { fixed_machines: 2 });
    await until(hasServing(id, 2), everybody);
    await Promise.all(apps.map((app) => world.scale(id, app)));
    expect(await world.serving(id)).toHaveLength(2);
    expect(await world.members(id)).toHaveLength(5);
  });

  it('that EC2 has only part of the room for has that part, goes on asking for the rest, and never for more', async () => {
    const id = await world.fleet({ fixed_machines: 4 });
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: 'InsufficientInstanceCapacity', times: 40 });
    await world.workAll(id);
    world.sandbox.faults.clear();
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: 'InsufficientInstanceCapacity', times: 2 });
    await world.workAll(id);
    expect(await machinesOf(id)).toHaveLength(2);
    for (let round = 0; round < 3; round += 1) await world.scale(id);
    expect(await world.members(id)).toHaveLength(4);
    await until(hasServing(id, 4), () => world.workAll(id));
    expect(await world.members(id)).toHaveLength(4);
    expect(await machinesOf(id)).toHaveLength(4);
  });

  it('that no longer needs what EC2 had no room for gives up the wish, not a machine', async () => {
    const id = await world.fleet({ fixed_machines: 1 });
    await until(hasServing(id, 1), () => world.workAll(id));
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: 'InsufficientInstanceCapacity', times: 3 });
    await world.change(id, { fixed_machines: 3 });
    await world.workAll(id);
    await world.change(id, { fixed_machines: 1 });
    world.advance({ minutes: 5 });
    await world.workAll(id);
    await world.workAll(id);
    expect((await world.members(id)).map(({ state }) => state)).toEqual(['healthy', 'terminated', 'terminated']);
    expect(await machinesOf(id)).toHaveLength(1);
  });

  it('has each machine once though EC2 made it and never answered', async () => {
    const id = await world.fleet({ fixed_machines: 3 });
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: '', commitThenTimeOut: true, times: 2 });
    await until(hasServing(id, 3), () => world.workAll(id));
    expect(await world.members(id)).toHaveLength(3);
    expect((await machinesOf(id)).sort()).toEqual((await world.members(id)).map((row) => row.id).sort());
    for (const member of await world.members(id)) expect(await world.intervals(member.id)).toHaveLength(1);
  });

  it('whose machine EC2 made without an answer, and that no longer needs it, does not leave it running', async () => {
    const id = await world.fleet({ fixed_machines: 1 });
    await until(hasServing(id, 1), () => world.workAll(id));
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: '', commitThenTimeOut: true });
    await world.change(id, { fixed_machines: 2 });
    await world.workAll(id);
    await world.change(id, { fixed_machines: 1 });
    await until(
      async () => (await machinesOf(id)).length === 1 && (await wanted(id)) === 1,
      () => world.workAll(id),
    );
    expect(await world.serving(id)).toHaveLength(1);
  });

  it('goes on where it was when its launcher is killed in the middle of it, and another begins', async () => {
    const id = await world.fleet({ fixed_machines: 4 });
    // The wishes are written, one machine is asked for, and there the launcher ends.
    await world.scale(id);
    const [first] = await world.members(id);
    await world.app.nest.get(ReconcileInstance, { strict: false }).work(first!.id);
    const restarted = await world.another();
    await until(hasServing(id, 4), () => world.workAll(id, restarted));
    expect(await world.members(id)).toHaveLength(4);
    expect(new Set(await machinesOf(id)).size).toBe(4);
  });

  it('whose decision breaks off at any of its writes has not decided, and decides the same again', async () => {
    const id = await world.fleet({ fixed_machines: 3, drain_seconds: 3600 });
    await until(hasServing(id, 3), () => world.workAll(id));
    const before = await world.members(id);
    await world.change(id, { fixed_machines: 2 });
    for (const table of ['launcher.instance', 'launcher.run_interval', 'launcher.launch_event', 'launcher.fleet_state']) {
      await breakWritesTo(table);
      await expect(world.scale(id)).rejects.toThrow('broken off');
      await mendWritesTo(table);
      expect(await world.members(id)).toEqual(before);
      expect(await world.intervals(before[0]!.id)).toMatchObject([{ ended_at: null }]);
    }
    await world.scale(id);
    await world.scale(id);
    expect(await world.serving(id)).toHaveLength(2);
    const [drained] = (await world.members(id)).filter((row) => row.draining_at);
    expect(await world.intervals(drained!.id)).toMatchObject([{ ended_at: world.clock.now() }]);
  });

  it('bills a machine that drains to the same second, whatever EC2 shows of it afterwards', async () => {
    const id = await world.fleet({ fixed_machines: 2, drain_seconds: 600 });
    await until(hasServing(id, 2), () => world.workAll(id));
    world.advance({ minutes: 30 });
    await world.change(id, { fixed_machines: 1 });
    await world.workAll(id);
    const [leaver] = (await world.members(id)).filter((row) => row.draining_at);
    const drainedAt = new Date('2026-01-05T09:30:00Z');
    expect(await world.intervals(leaver!.id)).toMatchObject([{ ended_at: drainedAt }]);

    world.advance({ minutes: 5 });
    await world.workAll(id);
    await fetch(`${world.sandbox.control}/instances/${leaver!.ec2_instance_id}/lose`, { method: 'POST' });
    world.advance({ minutes: 10 });
    await world.workAll(id);
    expect((await world.members(id)).find((row) => row.id === leaver!.id)).toMatchObject({ state: 'terminated' });
    expect(await world.intervals(leaver!.id)).toMatchObject([{ ended_at: drainedAt }]);
    expect(await world.members(id)).toHaveLength(2);
  });

  it('does not shrink because the appliances do not answer its launcher', async () => {
    const id = await world.fleet({ fixed_machines: 3 });
    await until(hasServing(id, 3), () => world.workAll(id));
    await world.change(id, { fixed_machines: null, target: QUEUE });
    world.load.shared = undefined;
    await world.pass(600);
    expect(await world.serving(id)).toHaveLength(3);
    expect(await world.state(id)).toMatchObject({ desired: 3, load: null });
  });
});

/** From now on whoever writes to the table is thrown out of its transaction. */
async function breakWritesTo(table: string): Promise<void> {
  await world.database.sql(
    `create or replace function public.break_off() returns trigger language plpgsql as $$ begin raise exception 'broken off'; end $$`,
  );
  await world.database.sql(
    `create trigger break_off before insert or update on ${table} for each row execute function public.break_off()`,
  );
}
const mendWritesTo = (table: string): Promise<unknown> => world.database.sql(`drop trigger break_off on ${table}`);
