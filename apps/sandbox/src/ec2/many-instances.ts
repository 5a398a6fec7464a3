/** Many running instances at once, for those who measure how a fleet of them is looked after. */
import { z } from 'zod';
import { volumesFor, devicesFor } from './block-devices.ts';
import type { Call } from './call.ts';
import { groupsFor, launchable, metadataFor } from './launch-checks.ts';
import { launchInput } from './launch-input.ts';
import { newInstance } from './new-instance.ts';
import { subnetsOf } from './network.ts';
import { addTags } from './tags.ts';
import { newId } from './world.ts';

export interface Many {
  imageId: string;
  instanceType: string;
  /** One instance for each, with that ClientToken. */
  clientTokens: Array<string | undefined>;
  tags: Record<string, string>;
  /** Whether anything listens at their addresses. A hundred thousand listeners are more than a system has room for. */
  answers: boolean;
}

/**
 * Makes them running and spread over the zones, each with a root volume.
 * @throws VendorError as RunInstances does.
 */
export function makeMany(
  call: Call,
  { imageId, instanceType, clientTokens, tags, answers }: Many,
): Array<{ instanceId: string; clientToken?: string }> {
  const { world, now } = call;
  const subnets = subnetsOf(call);
  const asked = z.strictObject(launchInput).parse({ ImageId: imageId, InstanceType: instanceType, MinCount: '1', MaxCount: '1' });
  const image = launchable(call, asked);
  const common = {
    image,
    groupIds: groupsFor(call, asked),
    metadata: metadataFor(image, asked),
    publicKey: undefined,
    membership: undefined,
  };
  const devices = devicesFor(call, image, []);
  return clientTokens.map((clientToken, index) => {
    const subnet = subnets[index % subnets.length];
    if (!subnet) throw new Error('A region has subnets.');
    const plan = { ...common, asked: { ...asked, ClientToken: clientToken }, subnet, reservationId: newId('r'), launchIndex: 0 };
    const goal = { state: 'running' as const, setAt: now.getTime(), takesMs: 0, note: '' };
    const instance = { ...newInstance(call, plan), goal, silent: !answers };
    world.instances.set(instance.instanceId, instance);
    addTags(call, instance.instanceId, tags);
    volumesFor(call, instance, devices);
    return { instanceId: instance.instanceId, ...(clientToken === undefined ? {} : { clientToken }) };
  });
}
