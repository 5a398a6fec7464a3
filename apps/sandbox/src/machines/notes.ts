/** What the software of a machine has been told, and shows: numbers for who scales, whether it drains, whether it is well. */
import type { Instance } from '../ec2/instance-state.ts';
import { volumesOn } from '../ec2/volume-state.ts';
import type { World } from '../ec2/world.ts';
import type { Table } from '../store.ts';

export interface Notes {
  /** What GET /metrics answers. */
  metrics: Record<string, number>;
  /** Epoch milliseconds, the sandbox's time, of the first POST /drain. */
  drainedAt?: number | undefined;
  /** Told by the control port to be unwell. */
  sick: boolean;
}

const table = ({ store }: World): Table<Notes> => store.table('machine.notes');

export const notesOf = (world: World, instanceId: string): Notes => table(world).get(instanceId) ?? { metrics: {}, sick: false };

export function note(world: World, instanceId: string, noted: Partial<Notes>): Notes {
  const notes = { ...notesOf(world, instanceId), ...noted };
  table(world).set(instanceId, notes);
  return notes;
}

const hasDataVolume = (world: World, { instanceId, rootDeviceName }: Instance): boolean =>
  volumesOn(world, instanceId, world.clock.now()).some(
    ({ attachment }) => attachment.state === 'attached' && attachment.device !== rootDeviceName,
  );

/** Why the software is not well, for a person; undefined when it is. */
export function trouble(world: World, instance: Instance): string | undefined {
  const { needsDataVolume, needsImdsV1 } = instance.software ?? {};
  if (notesOf(world, instance.instanceId).sick) return 'the sandbox was told that it is unwell';
  if (needsImdsV1 && instance.metadata.httpTokens === 'required')
    return 'the metadata service answered 401 to a request without a token';
  if (needsDataVolume && !hasDataVolume(world, instance)) return 'no data volume is attached';
  return undefined;
}
