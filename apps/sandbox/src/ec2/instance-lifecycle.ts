/** StartInstances, StopInstances, RebootInstances, TerminateInstances. A call changes all the instances it names, or none. */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import { nextPublicAddress } from './addresses.ts';
import { action, type Actions, type Call } from './call.ts';
import { flag, text } from './input.ts';
import { instancesNamed, stateOf, writtenState, type Goal, type Instance, type InstanceState } from './instance-state.ts';
import type { XmlObject } from './xml.ts';

const InstanceId = z.array(text).min(1);
const forced = { Force: flag.optional(), SkipOsShutdown: flag.optional() };

export const instanceLifecycleActions: Actions = {
  StartInstances: action({ InstanceId }, (call, input) => ({
    instancesSet: move(call, input.InstanceId, {
      from: ['stopped'],
      already: ['pending', 'running'],
      verb: 'started',
      to: (instance) => ({
        ...instance,
        launchedAt: call.now.getTime(),
        publicIp: instance.wantsPublicIp ? nextPublicAddress(call.world) : undefined,
        goal: goal(call, 'running', ''),
      }),
    }),
  })),

  StopInstances: action({ InstanceId, Hibernate: z.literal('false').optional(), ...forced }, (call, input) => ({
    instancesSet: move(call, input.InstanceId, {
      from: ['running'],
      already: ['stopping', 'stopped'],
      verb: 'stopped',
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
        from: ['pending', 'running', 'stopping', 'stopped'],
        already: ['shutting-down', 'terminated'],
        verb: 'terminated',
        to: (instance) => ({ ...instance, publicIp: undefined, goal: goal(call, 'terminated', userInitiated(call.now)) }),
      }),
    };
  }),

  RebootInstances: action({ InstanceId }, (call, input) => {
    move(call, input.InstanceId, { from: ['running'], already: [], verb: 'rebooted', to: (instance) => instance });
    return { return: true };
  }),
};

interface Move {
  from: InstanceState[];
  /** States in which the call changes nothing and is not refused. */
  already: InstanceState[];
  verb: string;
  to(instance: Instance): Instance;
}

/** @throws VendorError IncorrectInstanceState before any of the instances is touched. */
function move(call: Call, ids: string[], { from, already, verb, to }: Move): XmlObject[] {
  const instances = instancesNamed(call, [...new Set(ids)]);
  const stuck = instances.find((instance) => ![...from, ...already].includes(stateOf(instance, call.now)));
  if (stuck) {
    throw new VendorError(
      'IncorrectInstanceState',
      `The instance '${stuck.instanceId}' is not in a state from which it can be ${verb}.`,
    );
  }
  return instances.map((instance) => {
    const previous = stateOf(instance, call.now);
    const moved = from.includes(previous) ? to(instance) : instance;
    call.world.instances.set(moved.instanceId, moved);
    return {
      instanceId: moved.instanceId,
      currentState: writtenState(stateOf(moved, call.now)),
      previousState: writtenState(previous),
    };
  });
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
