/** A fleet without anybody's hand: two launchers as processes have them, with their doorbells, sweeps and locks. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { build } from '#platform/app.ts';
import { loadLauncherConfig } from '../config.ts';
import { launcher } from '../launcher.app.ts';
import { fleetWorld, QUEUE } from '../testing/fleet-world.ts';

it('comes up, grows with its load, and replaces what is lost, with two launchers at it', async () => {
  const world = await fleetWorld({ settings: { SWEEP_SECONDS: '1', FLEET_SECONDS: '1', OBSERVE_SECONDS: '1' } });
  const apps = await Promise.all([0, 1].map(() => build(launcher, loadLauncherConfig(world.settings))));
  for (const app of apps) await app.init();
  const serving = async (id: string, count: number): Promise<void> => {
    const deadline = Date.now() + 25_000;
    while ((await world.serving(id)).length !== count && Date.now() < deadline) await sleep(100);
    expect((await world.serving(id)).length).toBe(count);
  };
  try {
    world.load.shared = 9;
    const id = await world.fleet({ min_machines: 2, max_machines: 3, target: QUEUE, scale_out_seconds: 0 });
    await serving(id, 2);
    // Twenty-two jobs: one more than two machines have room for.
    world.load.shared = 11;
    await serving(id, 3);
    world.load.shared = 7;
    const [lost] = await world.serving(id);
    await fetch(`${world.sandbox.control}/instances/${lost!.ec2_instance_id}/lose`, { method: 'POST' });
    const deadline = Date.now() + 25_000;
    while ((await world.members(id)).length < 4 && Date.now() < deadline) await sleep(100);
    await serving(id, 3);
    expect(await world.members(id)).toHaveLength(4);
    expect(await world.database.sql('select * from launcher.stuck_work')).toEqual([]);
  } finally {
    for (const app of apps) await app.close();
    await world.close();
  }
}, 90_000);
