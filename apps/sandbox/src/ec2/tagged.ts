/** The resources that tags can be put on. */
import { VendorError } from '../vendor-error.ts';
import type { Call } from './call.ts';
import { imageNamed } from './image-state.ts';
import { instancesNamed } from './instance-state.ts';
import { placementGroupNamed } from './placement-group-state.ts';
import { groupNamed } from './security-group-state.ts';
import { snapshotNamed } from './snapshot-state.ts';
import { volumeNamed } from './volume-state.ts';

/**
 * @throws VendorError in the words of the resource's own describe call when it does not exist for the caller, InvalidID for an
 * id of a kind that the sandbox does not have.
 */
export function mustExist(call: Call, resourceId: string): void {
  const kind = resourceId.split('-')[0] ?? '';
  const look = Object.hasOwn(LOOK, kind) ? LOOK[kind] : undefined;
  if (!look) throw new VendorError('InvalidID', `The ID '${resourceId}' is not valid`);
  look(call, resourceId);
}

const LOOK: Record<string, (call: Call, id: string) => void> = {
  i: (call, id) => instancesNamed(call, [id]),
  ami: (call, id) => imageNamed(call, id),
  sg: (call, id) => groupNamed(call, { id }),
  vol: (call, id) => volumeNamed(call, id),
  key: (call, id) => {
    if (call.world.keyPairs.get(id)?.accountId !== call.accountId)
      throw new VendorError('InvalidKeyPair.NotFound', `The key pair ID '${id}' does not exist`);
  },
  pg: (call, id) => placementGroupNamed(call, { id }),
  snap: (call, id) => snapshotNamed(call, id),
};
