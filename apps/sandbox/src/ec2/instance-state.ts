/**
 * What the sandbox keeps of an instance and the state it is in at an instant. Nothing ticks: an instance has a goal and the
 * time it was set, so it gets there when the clock does, moved or not.
 */
import { VendorError } from '../vendor-error.ts';
import type { Call } from './call.ts';
import { isOver, isThrough, type Lapse } from './lapse.ts';
import type { Membership } from './placement.ts';
import type { Software } from './software.ts';
import { endByNotice, type Spot } from './spot.ts';
import { idPattern, placeOf } from './world.ts';

export interface Instance {
  number: number;
  instanceId: string;
  reservationId: string;
  accountId: string;
  region: string;
  zone: string;
  imageId: string;
  instanceType: string;
  architecture: 'x86_64' | 'arm64';
  clientToken?: string | undefined;
  launchIndex: number;
  keyName?: string | undefined;
  /** The public key of that name at the launch, as a line of authorized_keys. */
  publicKey?: string | undefined;
  membership?: Membership | undefined;
  spot?: Spot | undefined;
  /** Base64, as it came. */
  userData?: string | undefined;
  profile?: { arn?: string | undefined; name?: string | undefined } | undefined;
  subnetId: string;
  vpcId: string;
  groupIds: string[];
  privateIp: string;
  /** Given back when it stops; another one comes with the next start. */
  publicIp?: string | undefined;
  wantsPublicIp: boolean;
  metadata: MetadataOptions;
  monitored: boolean;
  ebsOptimized: boolean;
  protectedFromTermination: boolean;
  shutdownBehavior: 'stop' | 'terminate';
  rootDeviceName: string;
  /** Taken from the image at launch: false when nothing ever answers. */
  boots: boolean;
  software?: Software | undefined;
  /** Nothing listens at its address, for want of room for so many listeners. */
  silent?: boolean | undefined;
  /** Epoch milliseconds of the last launch or start, the sandbox's time. */
  launchedAt: number;
  /** Reboots since the last launch or start. */
  reboots?: Lapse[] | undefined;
  goal: Goal;
}

export interface MetadataOptions {
  httpTokens: 'optional' | 'required';
  httpEndpoint: 'enabled' | 'disabled';
  hopLimit: number;
  tags: 'enabled' | 'disabled';
}

export interface Goal {
  state: 'running' | 'stopped' | 'terminated';
  /** Epoch milliseconds, the sandbox's time. */
  setAt: number;
  takesMs: number;
  /** Why it is leaving: `Client.UserInitiatedShutdown`, `Server.InternalError`. */
  reason?: { code: string; message: string } | undefined;
  /** StateTransitionReason. */
  note: string;
}

export type InstanceState = 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';

const ON_THE_WAY = { running: 'pending', stopped: 'stopping', terminated: 'shutting-down' } as const;

/** Where it is going: where it was sent last, unless a notice ran out before. */
export const goalOf = (instance: Instance, now: Date): Goal =>
  (instance.goal.state === 'terminated' ? undefined : endByNotice(instance, now)) ?? instance.goal;

export function stateOf(instance: Instance, now: Date): InstanceState {
  const goal = goalOf(instance, now);
  return isThrough(goal.setAt, goal.takesMs, now.getTime()) ? goal.state : ON_THE_WAY[goal.state];
}

/** Running, as EC2 sees it, and the system inside is coming up again. */
export const isRebooting = ({ reboots }: Instance, now: Date): boolean => {
  const last = reboots?.at(-1);
  return last !== undefined && !isOver(last, now);
};

export const STATE_CODE: Record<InstanceState, number> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export const writtenState = (state: InstanceState) => ({ code: STATE_CODE[state], name: state });

/** A terminated instance is shown for an hour and then no longer exists. */
const SHOWN_AFTER_THE_END_MS = 3_600_000;

export const isShown = (instance: Instance, now: Date): boolean =>
  stateOf(instance, now) !== 'terminated' || now.getTime() - goalOf(instance, now).setAt < SHOWN_AFTER_THE_END_MS;

const INSTANCE_ID = idPattern('i');

/** The caller's instances in the region, oldest first, also those that are no longer shown. */
export const instancesOf = (call: Call): readonly Instance[] => call.world.find.instances.get(placeOf(call));

/**
 * @throws VendorError InvalidInstanceID.Malformed or .NotFound naming each id that is wrong; then none of them is touched.
 */
export function instancesNamed(call: Call, ids: string[]): Instance[] {
  const malformed = ids.filter((id) => !INSTANCE_ID.test(id));
  if (malformed.length > 0) throw new VendorError('InvalidInstanceID.Malformed', `Invalid id: "${malformed.join('", "')}"`);
  const found = ids.map((id) => call.world.instances.get(id));
  const missing = ids.filter((_, index) => {
    const instance = found[index];
    return !instance || instance.accountId !== call.accountId || instance.region !== call.region || !isShown(instance, call.now);
  });
  if (missing.length > 0) {
    const one = missing.length === 1;
    throw new VendorError(
      'InvalidInstanceID.NotFound',
      `The instance ID${one ? '' : 's'} '${missing.join(', ')}' do${one ? 'es' : ''} not exist`,
    );
  }
  return found.filter((instance) => instance !== undefined);
}

/** The account's only; `ip-…` is EC2's own naming. */
export const privateName = ({ privateIp, region }: Instance): string =>
  `ip-${privateIp.replaceAll('.', '-')}.${region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`}`;

/** EC2's shape of name for the address. Nothing resolves it; the address itself is what answers here. */
export const publicName = ({ publicIp, region }: Instance): string =>
  publicIp
    ? `ec2-${publicIp.replaceAll('.', '-')}.${region === 'us-east-1' ? 'compute-1' : `${region}.compute`}.amazonaws.com`
    : '';

/** Goes without notice, as a machine whose host died. */
export const lost = (instance: Instance, now: Date): Instance => ({
  ...instance,
  publicIp: undefined,
  goal: {
    state: 'terminated',
    setAt: now.getTime(),
    takesMs: 0,
    reason: { code: 'Server.InternalError', message: 'Server.InternalError: Internal error on launch' },
    note: 'Server.InternalError',
  },
});

/** Stopped by EC2 itself, since the host is taken out of service. Its disks stay, and it can be started on another host. */
export const retired = (instance: Instance, now: Date, takesMs: number): Instance => ({
  ...instance,
  publicIp: undefined,
  goal: {
    state: 'stopped',
    setAt: now.getTime(),
    takesMs,
    reason: { code: 'Server.ScheduledStop', message: 'Server.ScheduledStop: Stopped due to a scheduled retirement' },
    note: `Server.ScheduledStop (${now.toISOString().slice(0, 19).replace('T', ' ')} GMT)`,
  },
});
