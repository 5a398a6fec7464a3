/** Instances seen: DescribeInstances, DescribeInstanceStatus, GetConsoleOutput. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { trouble } from '../machines/notes.ts';
import { action, type Actions, type Call } from './call.ts';
import { byNumber, namedBy, paged, testOf, type FilterFields } from './filters.ts';
import { filters, flag, paging, text, type FilterInput } from './input.ts';
import {
  goalOf,
  instancesNamed,
  instancesOf,
  isShown,
  publicName,
  stateOf,
  STATE_CODE,
  writtenState,
  type Instance,
} from './instance-state.ts';
import { isOver, isThrough } from './lapse.ts';
import { zonesOf } from './regions.ts';
import { idsTagged, tagsOf } from './tags.ts';
import { volumesOn } from './volume-state.ts';
import { placeOf } from './world.ts';
import { writtenReservations } from './written-instance.ts';
import type { XmlObject } from './xml.ts';

export const instanceActions: Actions = {
  DescribeInstances: action({ InstanceId: z.array(text).optional(), Filter: filters, ...paging }, (call, input) => {
    if (input.InstanceId && input.MaxResults !== undefined) {
      throw new VendorError(
        'InvalidParameterCombination',
        'The parameter instancesSet cannot be used with the parameter maxResults',
      );
    }
    const named = input.InstanceId ? instancesNamed(call, input.InstanceId) : candidates(call, input.Filter);
    const passes = testOf(input.Filter, fieldsOf(call), (instance) => tagsOf(call, instance.instanceId));
    const test = (instance: Instance) => isShown(instance, call.now) && passes(instance);
    const page = paged(named, (instance) => instance.number, input, { test });
    return { reservationSet: writtenReservations(call, page.items), nextToken: page.nextToken };
  }),

  DescribeInstanceStatus: action(
    { InstanceId: z.array(text).optional(), Filter: filters, IncludeAllInstances: flag.default(false), ...paging },
    (call, input) => {
      const named = input.InstanceId ? instancesNamed(call, input.InstanceId) : instancesOf(call);
      const passes = testOf<Instance>(input.Filter, {
        'availability-zone': (instance) => [instance.zone],
        'instance-state-name': (instance) => [stateOf(instance, call.now)],
        'instance-state-code': (instance) => [String(STATE_CODE[stateOf(instance, call.now)])],
        'instance-status.status': (instance) => [health(instance, call.now, call.world.bootMs).instance],
        'system-status.status': (instance) => [health(instance, call.now, call.world.bootMs).system],
      });
      const isWanted = (instance: Instance) =>
        input.IncludeAllInstances ? isShown(instance, call.now) : stateOf(instance, call.now) === 'running';
      const test = (instance: Instance) => isWanted(instance) && passes(instance);
      const page = paged(named, (instance) => instance.number, input, { test });
      return {
        instanceStatusSet: page.items.map((instance): XmlObject => {
          const { instance: ofInstance, system } = health(instance, call.now, call.world.bootMs);
          return {
            instanceId: instance.instanceId,
            availabilityZone: instance.zone,
            availabilityZoneId: zonesOf(instance.region).find((zone) => zone.name === instance.zone)?.id,
            instanceState: writtenState(stateOf(instance, call.now)),
            instanceStatus: summary(ofInstance),
            systemStatus: summary(system),
          };
        }),
        nextToken: page.nextToken,
      };
    },
  ),

  GetConsoleOutput: action({ InstanceId: text, Latest: flag.optional() }, (call, input) => {
    const [instance] = instancesNamed(call, [input.InstanceId]);
    const output = instance && consoleText(call, instance);
    return {
      instanceId: input.InstanceId,
      timestamp: instance ? new Date(changedAt(instance, call.now)) : call.now,
      output: output && Buffer.from(output).toString('base64'),
    };
  }),
};

/** Where to look: at what a token or a tag names, if a filter does so outright, and else at everything the caller has. */
function candidates(call: Call, given: FilterInput): readonly Instance[] {
  const { find, instances } = call.world;
  const byToken = namedBy(given, (name) => name === 'client-token');
  if (byToken) return byNumber(byToken.Value.flatMap((token) => find.instancesByToken.get(`${placeOf(call)}/${token}`)));
  const ids = idsTagged(call, given);
  return ids ? byNumber(ids.map((id) => instances.get(id))) : instancesOf(call);
}

const fieldsOf = ({ now, world }: Call): FilterFields<Instance> => ({
  'instance-id': (instance) => [instance.instanceId],
  'instance-state-name': (instance) => [stateOf(instance, now)],
  'instance-state-code': (instance) => [String(STATE_CODE[stateOf(instance, now)])],
  'image-id': (instance) => [instance.imageId],
  'instance-type': (instance) => [instance.instanceType],
  'client-token': (instance) => [instance.clientToken],
  'reservation-id': (instance) => [instance.reservationId],
  'owner-id': (instance) => [instance.accountId],
  'availability-zone': (instance) => [instance.zone],
  'subnet-id': (instance) => [instance.subnetId],
  'vpc-id': (instance) => [instance.vpcId],
  'ip-address': (instance) => [instance.publicIp],
  'private-ip-address': (instance) => [instance.privateIp],
  'dns-name': (instance) => [publicName(instance)],
  'instance.group-id': (instance) => instance.groupIds,
  'key-name': (instance) => [instance.keyName],
  'placement-group-name': (instance) => [instance.membership?.groupName],
  'placement-partition-number': (instance) => [instance.membership?.partition?.toString()],
  'instance-lifecycle': (instance) => [instance.spot && 'spot'],
  'spot-instance-request-id': (instance) => [instance.spot?.requestId],
  'launch-time': (instance) => [new Date(instance.launchedAt).toISOString()],
  architecture: (instance) => [instance.architecture],
  'block-device-mapping.volume-id': (instance) => volumesOn(world, instance.instanceId, now).map(({ volume }) => volume.volumeId),
  'block-device-mapping.device-name': (instance) =>
    volumesOn(world, instance.instanceId, now).map(({ attachment }) => attachment.device),
});

/** The two status checks. They take as long again as the boot did; a system that never came up fails its own. */
function health(instance: Instance, now: Date, bootMs: number): { instance: string; system: string } {
  if (stateOf(instance, now) !== 'running') return { instance: 'not-applicable', system: 'not-applicable' };
  if (!isThrough(changedAt(instance, now), 2 * bootMs, now.getTime()))
    return { instance: 'initializing', system: 'initializing' };
  return { instance: instance.boots ? 'ok' : 'impaired', system: 'ok' };
}

/** When it last began to come up, or went. */
const changedAt = (instance: Instance, now: Date): number => instance.reboots?.at(-1)?.at ?? goalOf(instance, now).setAt;

const DETAIL: Record<string, string> = { ok: 'passed', impaired: 'failed', initializing: 'initializing' };

const summary = (status: string): XmlObject => ({
  status,
  details: DETAIL[status] ? [{ name: 'reachability', status: DETAIL[status] }] : [],
});

/** Nothing yet while it is pending, as on EC2. */
function consoleText({ world, now }: Call, instance: Instance): string | undefined {
  const state = stateOf(instance, now);
  if (state === 'pending') return undefined;
  const firmware = `SeaBIOS (version rel-1.16)\nMachine ${instance.instanceId} (${instance.instanceType})\n\nBooting from Hard Disk...\n`;
  if (!instance.boots) return `${firmware}Boot failed: not a bootable disk\n\nNo bootable device.\n`;
  const kernel = `${firmware}[    0.000000] Linux version 6.12\n[    1.204511] EXT4-fs (nvme0n1p1): mounted filesystem\n`;
  const wrong = trouble(world, instance);
  const service = wrong === undefined ? '' : `appliance[612]: not ready: ${wrong}\n`;
  const up = `Cloud-init finished, datasource DataSourceEc2\n${service}\n${instance.imageId} login: \n`;
  const reboots = (instance.reboots ?? []).map(
    (reboot) => `[  OK  ] Reached target Reboot.\nreboot: Restarting system\n${kernel}${isOver(reboot, now) ? up : ''}`,
  );
  return [`${kernel}${up}`, ...reboots].join('');
}
