/** An instance and a reservation as EC2 writes them. */
import type { Call } from './call.ts';
import { goalOf, privateName, publicName, stateOf, writtenState, type Instance, type InstanceState } from './instance-state.ts';
import { zonesOf } from './regions.ts';
import { tagSet, tagsOf } from './tags.ts';
import { volumesOn } from './volume-state.ts';
import type { XmlObject } from './xml.ts';

/** Instances of one reservation. */
export function writtenReservation(call: Call, instances: Instance[]): XmlObject {
  const [first] = instances;
  return {
    reservationId: first?.reservationId,
    ownerId: first?.accountId,
    groupSet: [],
    instancesSet: instances.map((instance) => writtenInstance(call, instance)),
  };
}

/** Reservations in the order of their first instance. */
export const writtenReservations = (call: Call, instances: Instance[]): XmlObject[] =>
  [...Map.groupBy(instances, (instance) => instance.reservationId).values()].map((group) => writtenReservation(call, group));

function writtenInstance(call: Call, instance: Instance): XmlObject {
  const state = stateOf(instance, call.now);
  return {
    instanceId: instance.instanceId,
    imageId: instance.imageId,
    instanceState: writtenState(state),
    reason: goalOf(instance, call.now).note,
    stateReason: stateReason(instance, state, call.now),
    keyName: instance.keyName,
    amiLaunchIndex: instance.launchIndex,
    productCodes: [],
    instanceType: instance.instanceType,
    launchTime: new Date(instance.launchedAt),
    placement: {
      availabilityZone: instance.zone,
      availabilityZoneId: zonesOf(instance.region).find((zone) => zone.name === instance.zone)?.id,
      groupName: instance.membership?.groupName ?? '',
      groupId: instance.membership?.groupId,
      partitionNumber: instance.membership?.partition,
      tenancy: 'default',
    },
    monitoring: { state: instance.monitored ? 'enabled' : 'disabled' },
    architecture: instance.architecture,
    rootDeviceType: 'ebs',
    rootDeviceName: instance.rootDeviceName,
    virtualizationType: 'hvm',
    hypervisor: 'xen',
    enaSupport: true,
    ebsOptimized: instance.ebsOptimized,
    clientToken: instance.clientToken,
    instanceLifecycle: instance.spot && 'spot',
    spotInstanceRequestId: instance.spot?.requestId,
    sourceDestCheck: true,
    iamInstanceProfile: instance.profile && {
      arn: instance.profile.arn ?? `arn:aws:iam::${instance.accountId}:instance-profile/${instance.profile.name ?? ''}`,
      id: 'AIPASANDBOX0000000001',
    },
    metadataOptions: {
      state: 'applied',
      httpTokens: instance.metadata.httpTokens,
      httpPutResponseHopLimit: instance.metadata.hopLimit,
      httpEndpoint: instance.metadata.httpEndpoint,
      httpProtocolIpv6: 'disabled',
      instanceMetadataTags: instance.metadata.tags,
    },
    platformDetails: 'Linux/UNIX',
    tagSet: tagSet(tagsOf(call, instance.instanceId)),
    ...networkOf(call, instance, state),
  };
}

/** A terminated instance has neither addresses nor a network any more. */
function networkOf(call: Call, instance: Instance, state: InstanceState): XmlObject {
  if (state === 'terminated')
    return { privateDnsName: '', dnsName: '', groupSet: [], blockDeviceMapping: [], networkInterfaceSet: [] };
  return {
    privateDnsName: privateName(instance),
    dnsName: publicName(instance),
    privateIpAddress: instance.privateIp,
    ipAddress: instance.publicIp,
    subnetId: instance.subnetId,
    vpcId: instance.vpcId,
    groupSet: instance.groupIds.map((groupId) => ({
      groupId,
      groupName: call.world.securityGroups.get(groupId)?.name ?? 'default',
    })),
    blockDeviceMapping: volumesOn(call.world, instance.instanceId, call.now).map(({ volume: { volumeId }, attachment }) => ({
      deviceName: attachment.device,
      ebs: {
        volumeId,
        status: attachment.state,
        attachTime: new Date(attachment.attached.at),
        deleteOnTermination: attachment.deleteOnTermination,
      },
    })),
    networkInterfaceSet: [],
  };
}

function stateReason(instance: Instance, state: InstanceState, now: Date): XmlObject | undefined {
  if (state === 'pending') return { code: 'pending', message: 'pending' };
  const { reason } = goalOf(instance, now);
  return reason && { ...reason };
}
