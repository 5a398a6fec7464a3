/** RunInstances: checks all that EC2 checks, then makes the instances under one reservation. */
import { devicesFor, volumesFor } from './block-devices.ts';
import { action, once, type Actions, type Call } from './call.ts';
import { keyPairNamed } from './key-pairs.ts';
import { checkCounts, checkUserData, groupsFor, launchable, metadataFor } from './launch-checks.ts';
import { launchInput, type LaunchInput } from './launch-input.ts';
import { siteFor } from './launch-place.ts';
import { newInstance } from './new-instance.ts';
import { memberships, placementGroupFor } from './placement.ts';
import { addTags, specifiedTags } from './tags.ts';
import { newId } from './world.ts';
import { writtenReservation } from './written-instance.ts';

export const runInstancesAction: Actions = {
  RunInstances: action(launchInput, (call, asked, parameters) => {
    const ids = once(call, 'RunInstances', parameters, () => launch(call, asked));
    const made = ids.map((id) => call.world.instances.get(id)).filter((instance) => instance !== undefined);
    return writtenReservation(call, made);
  }),
};

function launch(call: Call, asked: LaunchInput): string[] {
  checkCounts(asked);
  checkUserData(asked.UserData);
  const image = launchable(call, asked);
  const publicKey = asked.KeyName === undefined ? undefined : keyPairNamed(call, asked.KeyName).publicKey;
  const group = placementGroupFor(call, asked.Placement);
  const groupIds = groupsFor(call, asked);
  const metadata = metadataFor(image, asked);
  const devices = devicesFor(call, image, asked.BlockDeviceMapping);
  const tags = specifiedTags(asked.TagSpecification, ['instance', 'volume', 'network-interface', 'spot-instances-request']);
  const { subnet, count } = siteFor(call, asked, group);
  call.world.weather.admitInstances(call, 'RunInstances', count);

  const plan = { asked, image, subnet, groupIds, metadata, publicKey, reservationId: newId('r') };
  const made = memberships(call, group, asked.Placement, count).map((membership, launchIndex) =>
    newInstance(call, { ...plan, membership, launchIndex }),
  );
  for (const instance of made) {
    call.world.instances.set(instance.instanceId, instance);
    addTags(call, instance.instanceId, tags.instance ?? {});
    for (const volumeId of volumesFor(call, instance, devices)) addTags(call, volumeId, tags.volume ?? {});
  }
  return made.map((instance) => instance.instanceId);
}
