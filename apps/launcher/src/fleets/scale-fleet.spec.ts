/** Globex's fleet of Acme's Vault: it grows, shrinks, drains and heals, on the real SDK and the sandbox's EC2. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fleetWorld, QUEUE, type FleetWorld } from '../testing/fleet-world.ts';

let world: FleetWorld;
beforeEach(async () => {
  world = await fleetWorld();
});
afterEach(() => world.close());

/** Until the machines that are wanted are there and well. */
async function settled(fleetId: string): Promise<number> {
  await world.app.settle();
  return (await world.serving(fleetId)).length;
}
/** What its buyer was told of its steps. */
const log = async (fleetId: string): Promise<string[]> =>
  (
    await world.database.sql<{ message: string }>(
      "select message from launcher.launch_event where fleet_id = $1 and kind = 'scaled' order by id",
      [fleetId],
    )
  ).map(({ message }) => message);
const living = async (): Promise<number> => (await world.machines()).filter(({ state }) => state === 'running').length;
const lose = async (ec2InstanceId: string | null): Promise<void> => {
  await fetch(`${world.sandbox.control}/instances/${ec2InstanceId}/lose`, { method: 'POST' });
};

describe('a fleet', () => {
  it('has the machines it begins with, each billed from its own start, and says why they are as many', async () => {
    const id = await world.fleet({ min_machines: 3 });
    expect(await settled(id)).toBe(3);
    expect(await living()).toBe(3);
    expect(await world.state(id)).toMatchObject({ desired: 3, why: 'Its minimum is 3 machines.' });
    for (const member of await world.members(id)) {
      expect(member).toMatchObject({ state: 'healthy', failure: null });
      expect(await world.intervals(member.id)).toEqual([{ started_at: new Date('2026-01-05T09:00:00Z'), ended_at: null }]);
    }
    expect(await log(id)).toEqual(['It begins with 3. Its minimum is 3 machines.']);
  });

  it('grows with the load that its machines report, and not again before its cool-down is over', async () => {
    const id = await world.fleet({ min_machines: 2, target: QUEUE });
    world.load.shared = 24;
    expect(await settled(id)).toBe(5);
    expect(await world.state(id)).toMatchObject({ desired: 5, load: expect.any(Number) });
    world.load.shared = 16;
    await world.pass(30);
    expect(await world.state(id)).toMatchObject({ desired: 5, why: expect.stringContaining('it has just grown') });
    await world.pass(60);
    expect((await world.serving(id)).length).toBe(8);
    expect(await living()).toBe(8);
  });

  it('shrinks when fewer have been enough for a while: the idlest drain, are metered no longer, and go once they are done', async () => {
    const id = await world.fleet({ fixed_machines: 4 });
    await settled(id);
    await world.change(id, { fixed_machines: null, target: QUEUE });
    const [first, second, third, fourth] = await world.members(id);
    for (const [member, value] of [
      [first, 9],
      [second, 1],
      [third, 9],
      [fourth, 2],
    ] as const)
      world.load.at.set(member!.public_address!, value);
    await world.pass(300);
    expect((await world.serving(id)).length).toBe(4);
    await world.pass(60);
    const drainingSince = (await world.members(id)).map((member) => member.draining_at);
    expect(drainingSince.map((at) => at !== null)).toEqual([false, true, false, false]);
    expect((await log(id)).at(-1)).toBe(
      'It shrinks from 4 to 3. queue_depth is 21 at 10 per machine; for 300 s 3 machines would have been enough.',
    );

    // It still runs and finishes its work, and is no longer billed.
    await world.pass(60);
    expect(await living()).toBe(4);
    expect(world.load.drains).toContain(second!.public_address);
    expect(await world.intervals(second!.id)).toMatchObject([{ ended_at: drainingSince[1] }]);
    expect(await world.rungFor('metering.meter-runtime', world.market.subscriptionId)).toBe(true);

    world.load.drained = true;
    await world.pass(60);
    expect(await living()).toBe(3);
    expect((await world.members(id)).map((member) => member.state)).toEqual(['healthy', 'terminated', 'healthy', 'healthy']);
    expect(await world.intervals(second!.id)).toMatchObject([{ ended_at: drainingSince[1] }]);
  });

  it('does not wait for ever for a machine that never says it is done', async () => {
    const id = await world.fleet({ fixed_machines: 2 });
    await settled(id);
    await world.change(id, { fixed_machines: 1 });
    await world.pass(90);
    expect(await living()).toBe(2);
    await world.pass(60);
    expect(await living()).toBe(1);
  });

  it('does not shrink while one of its machines says nothing', async () => {
    const id = await world.fleet({ fixed_machines: 3 });
    await settled(id);
    await world.change(id, { fixed_machines: null, target: QUEUE });
    world.load.shared = 1;
    world.load.at.set((await world.members(id))[0]!.public_address!, undefined);
    await world.pass(420);
    expect(await world.state(id)).toMatchObject({ desired: 3, why: expect.stringContaining('missing is not zero') });
    expect((await world.serving(id)).length).toBe(3);
  });

  it('replaces machines that are lost behind our back, half of them at once', async () => {
    const id = await world.fleet({ min_machines: 4 });
    await settled(id);
    world.advance({ hours: 2 });
    const [first, second] = await world.members(id);
    await lose(first!.ec2_instance_id);
    await lose(second!.ec2_instance_id);
    expect(await settled(id)).toBe(4);
    expect(await world.members(id)).toHaveLength(6);
    expect(await living()).toBe(4);
    expect((await world.intervals(first!.id))[0]?.ended_at).toEqual(new Date('2026-01-05T11:00:00Z'));
  });

  it('comes back when all its machines are lost at once', async () => {
    const id = await world.fleet({ min_machines: 3, target: QUEUE });
    world.load.shared = 9;
    await settled(id);
    world.advance({ hours: 1 });
    for (const member of await world.members(id)) await lose(member.ec2_instance_id);
    expect(await settled(id)).toBe(3);
    expect(await world.members(id)).toHaveLength(6);
  });

  it('opens and closes by its schedule', async () => {
    // 2026-01-05 is a Monday; the world begins at 09:00 UTC, which is 10:00 in Berlin.
    const office = { days: ['mon'], from: '11:00', to: '12:00', timeZone: 'Europe/Berlin', min: 2, max: 5 };
    const id = await world.fleet({ min_machines: 0, windows: [office] });
    expect(await settled(id)).toBe(0);
    world.advance({ minutes: 60 });
    expect(await settled(id)).toBe(2);
    expect(await world.state(id)).toMatchObject({ why: 'Its schedule now is 2 machines.' });
    world.load.drained = true;
    world.advance({ minutes: 60 });
    await world.pass(60);
    expect(await living()).toBe(0);
  });

  it('costs no more an hour than its ceiling, software and machine together', async () => {
    // 0.25 for the software and 0.0104 for the machine: ten are 2.604.
    await world.database.sql(
      `insert into launcher.infrastructure_price (region, kind, type, currency, rate, effective_from, source, imported_at)
       values ('us-east-1', 'instance', 't3.micro', 'usd', '0.0104', '2026-01-01', 'a test', now())`,
    );
    const id = await world.fleet({ hourly_ceiling: '1.04', target: QUEUE });
    world.load.shared = 90;
    expect(await settled(id)).toBe(3);
    expect(await world.state(id)).toMatchObject({ why: expect.stringContaining('Its ceiling of 1.04 an hour pays for 3.') });
  });

  it('ends with its buyer’s wish and with its subscription, down to the last machine', async () => {
    const [asked, subscribed] = [await world.fleet({ min_machines: 2 }), await world.fleet({ min_machines: 1 })];
    await settled(asked);
    world.load.drained = true;
    world.advance({ hours: 1 });
    await world.change(asked, { ended_at: world.clock.now() });
    await world.pass(60);
    expect(await living()).toBe(1);
    expect(await world.state(asked)).toMatchObject({ desired: 0, ended_at: expect.any(Date) });

    await world.database.sql('update api.subscription set ended_at = $2 where id = $1', [
      world.market.subscriptionId,
      world.clock.now(),
    ]);
    await world.pass(60);
    expect(await living()).toBe(0);
    expect(await world.state(subscribed)).toMatchObject({ ended_at: expect.any(Date) });
    for (const member of [...(await world.members(asked)), ...(await world.members(subscribed))])
      expect((await world.intervals(member.id)).every((interval) => interval.ended_at !== null)).toBe(true);
  });

  it('gets no new machine while its buyer owes, keeps those that run, and says so', async () => {
    const id = await world.fleet({ fixed_machines: 2 });
    await settled(id);
    await world.database.sql("insert into billing.standing (buyer_id, state, since) values ($1, 'past_due', $2)", [
      world.market.buyerId,
      world.clock.now(),
    ]);
    await world.change(id, { fixed_machines: 4 });
    await world.pass(30);
    expect((await world.serving(id)).length).toBe(2);
    expect(await world.members(id)).toHaveLength(2);
    expect(await world.state(id)).toMatchObject({ desired: 4, why: expect.stringContaining('an invoice is past due') });
    await world.database.sql('delete from billing.standing');
    await world.pass(30);
    expect((await world.serving(id)).length).toBe(4);
  });

  it('tries a machine that EC2 refuses less and less often, not in a loop', async () => {
    const id = await world.fleet({ min_machines: 2, instance_type: 't4g.small' });
    await world.app.settle();
    expect(await world.members(id)).toHaveLength(2);
    expect(await world.state(id)).toMatchObject({ why: expect.stringContaining('2 machines ended before being well once') });
    await world.pass(60);
    expect(await world.members(id)).toHaveLength(3);
    await world.pass(120);
    expect(await world.members(id)).toHaveLength(4);
    await world.change(id, { instance_type: 't3.micro' });
    await world.pass(60);
    expect((await world.serving(id)).length).toBe(2);
  });

  it('forgets what was reported longer ago than it looks back', async () => {
    const id = await world.fleet({ target: QUEUE, scale_in_seconds: 120 });
    await settled(id);
    await world.pass(900);
    const [row] = await world.database.sql<{ kept: number }>('select count(*)::int as kept from launcher.fleet_metric');
    expect(row!.kept).toBeLessThanOrEqual(9);
  });
});
