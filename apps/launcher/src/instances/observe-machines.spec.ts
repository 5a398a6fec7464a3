/** Many machines are seen in one call; what has changed is left to who looks at it alone. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launcherWorld, type World } from '../testing/world.ts';
import { ObserveMachines } from './observe-machines.ts';

let world: World;
beforeAll(async () => {
  world = await launcherWorld({ settings: { LAUNCH_REGIONS: 'us-east-1' } });
});
afterAll(() => world.close());

it('sees all machines of a place that are as they were, and leaves one that was lost to its own look', async () => {
  const ids = [await world.launch(), await world.launch(), await world.launch(), await world.launch()];
  const states = async (): Promise<unknown[]> => (await Promise.all(ids.map(world.instance))).map((row) => row?.state);
  await world.app.settle(async () => (await states()).every((state) => state === 'healthy'));
  const stage = world.app.nest.get(ObserveMachines, { strict: false });
  world.advance({ seconds: 16 });
  expect(await stage.due()).toEqual([]);
  stage.fewest = 4;
  stage.pageSize = 5;
  expect(await stage.due()).toEqual(['platform:us-east-1']);

  const [lost, stopped, ...steady] = ids;
  await fetch(`${world.sandbox.control}/instances/${String((await world.instance(lost!))?.ec2_instance_id)}/lose`, {
    method: 'POST',
  });
  await world.database.sql("update launcher.instance set desired = 'stopped' where id = $1", [stopped]);
  const before = (await world.instance(lost!))?.observed_at;
  await stage.work('platform:us-east-1');
  for (const id of steady) expect(await world.instance(id)).toMatchObject({ state: 'healthy', observed_at: world.clock.now() });
  for (const id of [lost!, stopped!]) expect(await world.instance(id)).toMatchObject({ state: 'healthy', observed_at: before });
  expect(await stage.due()).toEqual([]);
  // Seen or not, each has run on in one interval.
  for (const id of steady) expect(await world.intervals(id)).toMatchObject([{ ended_at: null }]);

  world.advance({ seconds: 15 });
  await world.app.settle();
  expect(await world.instance(lost!)).toMatchObject({ state: 'terminated' });
});
