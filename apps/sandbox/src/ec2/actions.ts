/** The table of contents of the sandbox's EC2: every action it knows. What is not here is answered with 501. */
import type { Actions } from './call.ts';
import { imageAttributeActions } from './image-attributes.ts';
import { imageActions } from './images.ts';
import { instanceLifecycleActions } from './instance-lifecycle.ts';
import { instanceTypeActions } from './instance-types.ts';
import { instanceActions } from './instances.ts';
import { keyPairActions } from './key-pairs.ts';
import { networkActions } from './network.ts';
import { placementGroupActions } from './placement-groups.ts';
import { regionActions } from './regions.ts';
import { runInstancesAction } from './run-instances.ts';
import { securityGroupActions } from './security-groups.ts';
import { snapshotAttributeActions } from './snapshot-attributes.ts';
import { snapshotActions } from './snapshots.ts';
import { tagActions } from './tags.ts';
import { volumeAttachmentActions } from './volume-attachments.ts';
import { volumeActions } from './volumes.ts';

export const ec2Actions: Actions = {
  ...regionActions,
  ...instanceTypeActions,
  ...networkActions,
  ...securityGroupActions,
  ...keyPairActions,
  ...placementGroupActions,
  ...imageActions,
  ...imageAttributeActions,
  ...runInstancesAction,
  ...instanceActions,
  ...instanceLifecycleActions,
  ...volumeActions,
  ...volumeAttachmentActions,
  ...snapshotActions,
  ...snapshotAttributeActions,
  ...tagActions,
};
