/** More launches at once than EC2 takes, under the sandbox's real token buckets: five RunInstances at once, and two a second. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownPlace } from '../ec2/place.ts';
import { launcherWorld, type World } from '../testing/world.ts';
import { PacedLaunches } from './paced-launches.ts';

let world: World;
beforeAll(async () => {
  world = await launcherWorld({ regions: ['us-east-1', 'eu-west-1'] });
  await world.app.settle();
});
afterAll(() => world.close());

const THROTTLED = { kind: 'throttled', code: expect.stringMatching(/^(RequestLimitExceeded|Paced)$/) };

describe('launches of a throttled account', () => {
  it('wait for their turn, the oldest first, have not failed, are there once in the end, and hold up nobody else', async () => {
    await world.control('/weather', { throttle: { requests: true, refills: false } });
    const ids: string[] = [];
    for (let count = 0; count < 9; count += 1) {
      world.advance({ seconds: 1 });
      ids.push(await world.launch());
    }
    world.advance({ seconds: 1 });
    const elsewhere = await world.launch({ region: 'eu-west-1' });
    // The oldest is throttled however slow this machine is, and some of the others as the bucket has it.
    world.sandbox.faults.failNext({ operation: 'RunInstances', code: 'RequestLimitExceeded' });
    await expect(world.app.settle()).rejects.toMatchObject(THROTTLED);

    expect(await world.instance(elsewhere)).toMatchObject({ ec2_instance_id: expect.stringMatching(/^i-/) });
    const rows = await Promise.all(ids.map((id) => world.instance(id)));
    const waiting = rows.filter((row) => row?.ec2_instance_id === null);
    expect(waiting[0]).toEqual(rows[0]);
    // EC2 made nothing of what it throttled, so nothing has to be looked for.
    for (const row of waiting) expect(row).toMatchObject({ state: 'planned', attempted_at: null, failure: null });
    expect(await world.told(ids[0]!)).toContain('waiting');
    const next = await world.app.nest.get(PacedLaunches, { strict: false }).next(ownPlace('us-east-1'));
    expect(next.length).toBeGreaterThan(0);
    expect(next.length).toBeLessThan(5);
    expect(next).toEqual(waiting.slice(0, next.length).map((row) => row!.id));

    await world.control('/weather', { throttle: { refills: true } });
    const healthy = async (): Promise<boolean> =>
      (await Promise.all(ids.map((id) => world.instance(id)))).every((row) => row?.state === 'healthy');
    await expect
      .poll(() => world.app.settle(healthy).then(healthy, (error: unknown) => error), { timeout: 30_000, interval: 100 })
      .toBe(true);
    const launches = (await world.machines()).map((machine) => machine.tags['slipway:launch']);
    for (const id of [...ids, elsewhere]) expect(launches.filter((launch) => launch === id)).toHaveLength(1);
  }, 90_000);
});
