/** Machines that die without anybody asking for it: one, all of a rack, all of a zone. */
import { lost, stateOf, type Instance } from './instance-state.ts';
import { membersOf } from './placement-group-state.ts';
import type { World } from './world.ts';

/** @returns the instance as it is now; one that was gone already is left alone. */
export function loseInstance(world: World, instance: Instance): Instance {
  const now = world.clock.now();
  if (stateOf(instance, now) === 'terminated') return instance;
  const gone = lost(instance, now);
  world.instances.set(gone.instanceId, gone);
  return gone;
}

/** Everything that is powered on in the zone dies with it. Stopped instances stay, and cannot be started until it is back. */
export function failZone(world: World, zone: string): Instance[] {
  world.weather.failZone(zone);
  return loseAll(
    world,
    world.instances.values().filter((instance) => instance.zone === zone),
  );
}

/** A rack loses its power: every instance of the partition, or of the whole group when it has no partitions. */
export function loseRack(world: World, groupId: string, partition: number | undefined): Instance[] {
  const members = membersOf({ world, now: world.clock.now() }, groupId);
  return loseAll(
    world,
    members.filter(({ membership }) => partition === undefined || membership?.partition === partition),
  );
}

function loseAll(world: World, instances: Instance[]): Instance[] {
  const now = world.clock.now();
  const powered = instances.filter((instance) => ['pending', 'running', 'stopping'].includes(stateOf(instance, now)));
  return world.store.atomically(() => powered.map((instance) => loseInstance(world, instance)));
}
