/** AttachVolume and DetachVolume. A volume is on one instance, in its own zone. */
import { VendorError } from '../vendor-error.ts';
import { action, type Actions, type Call } from './call.ts';
import { flag, text } from './input.ts';
import { instancesNamed, stateOf, type Instance } from './instance-state.ts';
import { usableVolume, volumesOn, type Attachment, type SeenVolume, type Volume } from './volume-state.ts';
import { writtenAttachment } from './volumes.ts';

export const volumeAttachmentActions: Actions = {
  AttachVolume: action({ VolumeId: text, InstanceId: text, Device: text }, (call, input) => {
    const { volume, seen } = usableVolume(call, input.VolumeId);
    const [instance] = instancesNamed(call, [input.InstanceId]);
    if (!instance) throw new VendorError('InvalidInstanceID.NotFound', `The instance ID '${input.InstanceId}' does not exist`);
    mustBeFree(volume, seen);
    mustTake(call, instance, volume, input.Device);
    const attachment: Attachment = {
      instanceId: instance.instanceId,
      device: input.Device,
      deleteOnTermination: false,
      attached: { at: call.now.getTime(), takesMs: call.world.volumeMs },
    };
    call.world.volumes.set(volume.volumeId, { ...volume, attachment });
    return writtenAttachment(volume, attachment, 'attaching');
  }),

  DetachVolume: action(
    { VolumeId: text, InstanceId: text.optional(), Device: text.optional(), Force: flag.default(false) },
    (call, input) => {
      const { volume, seen } = usableVolume(call, input.VolumeId);
      const { attachment } = seen;
      if (!attachment) {
        throw new VendorError('IncorrectState', `Volume '${volume.volumeId}' is in the '${seen.state}' state.`);
      }
      if (
        (input.InstanceId ?? attachment.instanceId) !== attachment.instanceId ||
        (input.Device ?? attachment.device) !== attachment.device
      ) {
        throw new VendorError(
          'InvalidAttachment.NotFound',
          `The volume '${volume.volumeId}' is not attached to instance '${input.InstanceId ?? attachment.instanceId}' as device '${input.Device ?? attachment.device}'.`,
        );
      }
      mustLetGo(call, volume, attachment);
      const takesMs = input.Force ? 0 : call.world.volumeMs;
      // Asked again, it goes on detaching; forced, it is done at once.
      const detached = attachment.detached && !input.Force ? attachment.detached : { at: call.now.getTime(), takesMs };
      call.world.volumes.set(volume.volumeId, { ...volume, attachment: { ...withoutState(attachment), detached } });
      return writtenAttachment(volume, attachment, 'detaching');
    },
  ),
};

function mustBeFree(volume: Volume, { state, attachment }: SeenVolume): void {
  if (attachment) throw new VendorError('VolumeInUse', `${volume.volumeId} is already attached to an instance`);
  if (state !== 'available') throw new VendorError('IncorrectState', `The volume '${volume.volumeId}' is not 'available'.`);
}

function mustTake(call: Call, instance: Instance, volume: Volume, device: string): void {
  if (volume.zone !== instance.zone) {
    throw new VendorError(
      'InvalidVolume.ZoneMismatch',
      `The volume '${volume.volumeId}' is not in the same availability zone as instance '${instance.instanceId}'`,
    );
  }
  if (!['running', 'stopping', 'stopped'].includes(stateOf(instance, call.now))) {
    throw new VendorError('IncorrectState', `Instance '${instance.instanceId}' is not 'running'.`);
  }
  mustBeDevice(device);
  if (volumesOn(call.world, instance.instanceId, call.now).some(({ attachment }) => attachment.device === device)) {
    throw new VendorError(
      'InvalidParameterValue',
      `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`,
    );
  }
}

/** @throws VendorError InvalidParameterValue for what is not the name of a Linux device (EC2 User Guide, "Device names"). */
export function mustBeDevice(device: string): void {
  if (!/^(\/dev\/)?(sd[a-z]\d{0,2}|xvd[a-z]{1,2})$/.test(device)) {
    throw new VendorError(
      'InvalidParameterValue',
      `Value (${device}) for parameter device is invalid. ${device} is not a valid EBS device name.`,
    );
  }
}

/** The root of a machine that is not stopped stays. */
function mustLetGo({ world, now }: Call, volume: Volume, { instanceId, device }: Attachment): void {
  const instance = world.instances.get(instanceId);
  if (instance?.rootDeviceName !== device || stateOf(instance, now) === 'stopped') return;
  throw new VendorError(
    'OperationNotPermitted',
    `Unable to detach root volume '${volume.volumeId}' from instance '${instanceId}'`,
  );
}

function withoutState(attachment: Attachment): Attachment {
  const { instanceId, device, deleteOnTermination, attached } = attachment;
  return { instanceId, device, deleteOnTermination, attached };
}
