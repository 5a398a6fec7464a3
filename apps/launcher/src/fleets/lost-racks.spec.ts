/** All machines of one rack, or of one zone, at once: what is spread keeps the service, and the fleet is whole again. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fleetWorld, QUEUE, type FleetWorld } from '../testing/fleet-world.ts';

interface Placed {
  instanceId: string;
  state: string;
  zone: string;
  membership?: { groupName: string; partition?: number };
}

let world: FleetWorld;
beforeEach(async () => {
  world = await fleetWorld();
});
afterEach(() => world.close());

const placed = async (): Promise<Placed[]> =>
  ((await world.machines()) as unknown as Placed[]).filter(({ state, membership }) => state === 'running' && membership);
const control = async (path: string, body: object = {}): Promise<void> => {
  const answer = await fetch(`${world.sandbox.control}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.ok).toBe(true);
};
const serving = async (fleetId: string): Promise<number> => (await world.serving(fleetId)).length;

describe('a fleet in partitions', () => {
  it('has its machines in as many racks as there are, loses one of them, serves on with the others, and comes back', async () => {
    const id = await world.fleet({ min_machines: 8, max_machines: 8, placement: 'partition' });
    await world.app.settle();
    const before = await placed();
    const partitions = before.map(({ membership }) => membership!.partition!);
    expect(new Set(before.map(({ membership }) => membership!.groupName))).toEqual(new Set([`slipway-partition-${id}`]));
    // EC2 has seven partitions in a zone: eight machines fill them, one twice.
    expect([...new Set(partitions)].sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const fullest = partitions.find((partition, index) => partitions.indexOf(partition) !== index)!;

    world.advance({ minutes: 30 });
    await control(`/placement-groups/slipway-partition-${id}/lose`, { partition: fullest });
    // The service is kept by all the others, before anybody has done anything.
    expect(await placed()).toHaveLength(6);
    await world.app.settle();
    expect(await serving(id)).toBe(8);
    expect(await placed()).toHaveLength(8);
    expect(await world.members(id)).toHaveLength(10);
    const lost = (await world.members(id)).filter(({ state }) => state === 'terminated');
    expect(lost).toHaveLength(2);
    for (const { id: machine, failure } of lost) {
      expect(failure).toContain('ended without being told to');
      expect(await world.intervals(machine)).toMatchObject([{ ended_at: new Date('2026-01-05T09:30:00Z') }]);
    }
  });
});

describe('a spread fleet', () => {
  it('has each machine on hardware of its own, and replaces the one whose rack is lost', async () => {
    const id = await world.fleet({ min_machines: 3, placement: 'spread', zone: 'us-east-1b' });
    await world.app.settle();
    expect((await placed()).map(({ membership, zone }) => [membership!.groupName, zone])).toEqual(
      Array.from({ length: 3 }, () => [`slipway-spread-${id}`, 'us-east-1b']),
    );
    const [gone] = await placed();
    await control(`/instances/${gone!.instanceId}/lose`);
    expect(await placed()).toHaveLength(2);
    await world.app.settle();
    expect(await serving(id)).toBe(3);
  });

  it('that is as large as its zone takes stays so, and says what the rest waits for', async () => {
    const id = await world.fleet({ min_machines: 8, placement: 'spread', zone: 'us-east-1b' });
    for (let round = 0; round < 60 && (await serving(id)) < 7; round += 1) {
      await world.workAll(id);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await serving(id)).toBe(7);
    expect(await world.members(id)).toHaveLength(8);
    const waiting = await world.database.sql<{ message: string }>(
      "select message from launcher.launch_event where fleet_id = $1 and kind = 'waiting'",
      [id],
    );
    expect(waiting).toEqual([{ message: expect.stringMatching(/spread|placement group|7/i) }]);
  });
});

describe('a fleet that may be in any zone', () => {
  it('comes back elsewhere when its zone is gone, while the load that it carried does not count as gone with it', async () => {
    const id = await world.fleet({ fixed_machines: 4 });
    await world.app.settle();
    await world.change(id, { fixed_machines: null, target: QUEUE });
    world.load.shared = 9;
    await world.pass(60);
    const zone = String((await world.members(id))[0]!.zone);
    await control(`/zones/${zone}/fail`);
    await world.pass(60);
    expect(await serving(id)).toBe(4);
    expect((await world.serving(id)).every((member) => member.zone !== zone)).toBe(true);
    expect(await world.state(id)).toMatchObject({ desired: 4 });
  });
});
