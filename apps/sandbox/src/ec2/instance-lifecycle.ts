/** StartInstances, StopInstances, RebootInstances, TerminateInstances. A call changes all the instances it names, or none. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { nextPublicAddress } from './addresses.ts';
import { action, type Actions, type Call } from './call.ts';
import { mustHaveRoom } from './capacity.ts';
import { flag, text } from './input.ts';
import { instancesNamed, stateOf, writtenState, type Goal, type Instance, type InstanceState } from './instance-state.ts';
import type { XmlObject } from './xml.ts';

const InstanceId = z.array(text).min(1);
const forced = { Force: flag.optional(), SkipOsShutdown: flag.optional() };

export const instanceLifecycleActions: Actions = {
  StartInstances: action({ InstanceId }, (call, input) => ({
    instancesSet: move(call, input.InstanceId, {
      operation: 'StartInstances',
      allowed: mustFit,
      from: ['stopped'],
      already: ['pending', 'running'],
      verb: 'started',
      to: (instance) => ({
        ...instance,
        launchedAt: call.now.getTime(),
        reboots: undefined,
        publicIp: instance.wantsPublicIp ? nextPublicAddress(call.world) : undefined,
        goal: goal(call, 'running', ''),
      }),
    }),
  })),

  StopInstances: action({ InstanceId, Hibernate: z.literal('false').optional(), ...forced }, (call, input) => ({
    instancesSet: move(call, input.InstanceId, {
      operation: 'StopInstances',
      from: ['running'],
      already: ['stopping', 'stopped'],
      verb: 'stopped',
      allowed: mustNotBeSpot,
      to: (instance) => ({ ...instance, publicIp: undefined, goal: goal(call, 'stopped', userInitiated(call.now)) }),
    }),
  })),

  TerminateInstances: action({ InstanceId, ...forced }, (call, input) => {
    const guarded = instancesNamed(call, input.InstanceId).find((instance) => instance.protectedFromTermination);
    if (guarded) {
      throw new VendorError(
        'OperationNotPermitted',
        `The instance '${guarded.instanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
    }
    return {
      instancesSet: move(call, input.InstanceId, {
        operation: 'TerminateInstances',
        from: ['pending', 'running', 'stopping', 'stopped'],
        already: ['shutting-down', 'terminated'],
        verb: 'terminated',
        to: (instance) => ({ ...instance, publicIp: undefined, goal: goal(call, 'terminated', userInitiated(call.now)) }),
      }),
    };
  }),

  RebootInstances: action({ InstanceId }, (call, input) => {
    const reboot = { at: call.now.getTime(), takesMs: call.world.bootMs };
    const to = (instance: Instance) => ({
      ...instance,
      reboots: [...(instance.reboots ?? []), reboot].slice(-REMEMBERED_REBOOTS),
    });
    move(call, input.InstanceId, { operation: 'RebootInstances', from: ['running'], already: [], verb: 'rebooted', to });
    return { return: true };
  }),
};

interface Move {
  operation: string;
  from: InstanceState[];
  /** States in which the call changes nothing and is not refused. */
  already: InstanceState[];
  verb: string;
  /** Throws when something else than its state is against it. */
  allowed?: (call: Call, instance: Instance) => void;
  to(instance: Instance): Instance;
}

/** @throws VendorError IncorrectInstanceState before any of the instances is touched. */
function move(call: Call, ids: string[], { operation, from, already, verb, allowed, to }: Move): XmlObject[] {
  const instances = instancesNamed(call, [...new Set(ids)]);
  const stuck = instances.find((instance) => ![...from, ...already].includes(stateOf(instance, call.now)));
  if (stuck) {
    throw new VendorError(
      'IncorrectInstanceState',
      `The instance '${stuck.instanceId}' is not in a state from which it can be ${verb}.`,
    );
  }
  call.world.weather.admitInstances(call, operation, instances.length);
  return instances.map((instance) => {
    const previous = stateOf(instance, call.now);
    if (from.includes(previous)) allowed?.(call, instance);
    const moved = from.includes(previous) ? to(instance) : instance;
    call.world.instances.set(moved.instanceId, moved);
    return {
      instanceId: moved.instanceId,
      currentState: writtenState(stateOf(moved, call.now)),
      previousState: writtenState(previous),
    };
  });
}

const REMEMBERED_REBOOTS = 5;

function mustFit(call: Call, { membership, zone, instanceType }: Instance): void {
  mustHaveRoom(call, { zone, instanceType, group: call.world.placementGroups.get(membership?.groupId ?? '') }, 1);
}

function mustNotBeSpot(_: Call, { instanceId, spot }: Instance): void {
  if (!spot) return;
  throw new VendorError(
    'UnsupportedOperation',
    `You can't stop the Spot Instance '${instanceId}' because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.`,
  );
}

const goal = ({ world, now }: Call, state: Goal['state'], note: string): Goal => ({
  state,
  setAt: now.getTime(),
  takesMs: world.bootMs,
  reason:
    state === 'running'
      ? undefined
      : { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' },
  note,
});

const userInitiated = (now: Date): string => `User initiated (${now.toISOString().slice(0, 19).replace('T', ' ')} GMT)`;
