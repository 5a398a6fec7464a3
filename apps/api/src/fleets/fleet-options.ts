/** A fleet's row from what its buyer said, and back to what can be compared. */
import { parseRate } from '#domain/money.ts';
import type { Fleet } from '#tables/api/fleet.ts';
import { inOneOrder } from '../launches/launch-options.ts';
import type { FleetChange, NewFleet } from './fleets.schema.ts';

type Made = Pick<Fleet, 'id' | 'buyerId' | 'versionId' | 'createdAt' | 'changedAt'>;

/** The row of a fleet that is asked for. */
export const fleetOf = (given: NewFleet, made: Made): Fleet => ({
  id: made.id,
  buyerId: made.buyerId,
  versionId: made.versionId,
  createdAt: made.createdAt,
  changedAt: made.changedAt,
  subscriptionId: given.subscriptionId,
  awsConnectionId: given.awsConnectionId,
  name: given.name,
  region: given.region,
  zone: given.zone,
  instanceType: given.instanceType,
  keyName: given.keyName,
  subnetId: given.subnetId,
  sshFrom: given.sshFrom,
  placement: given.placement,
  market: given.market,
  tags: given.tags,
  userData: given.userData,
  minMachines: given.min,
  maxMachines: given.max,
  fixedMachines: given.fixed,
  target: given.target,
  windows: given.schedules,
  scaleOutSeconds: given.scaleOutSeconds,
  scaleInSeconds: given.scaleInSeconds,
  hourlyCeiling: given.hourlyCeiling === null ? null : parseRate(given.hourlyCeiling),
  idleMinutes: given.idleMinutes,
  drainSeconds: given.drainSeconds,
  wakeRequestedAt: null,
  endedAt: null,
});

/** Of what was said only. */
export function changesOf({ min, max, fixed, schedules, hourlyCeiling, ...others }: FleetChange): Partial<Fleet> {
  const changes: Partial<Fleet> = {
    minMachines: min,
    maxMachines: max,
    fixedMachines: fixed,
    windows: schedules,
    hourlyCeiling: typeof hourlyCeiling === 'string' ? parseRate(hourlyCeiling) : hourlyCeiling,
    ...others,
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/** What was chosen when it was made, each as one comparable value; how many machines only as long as that was not changed since. */
export function comparable(fleet: Fleet): Record<string, unknown> {
  const { id, subscriptionId, awsConnectionId, name, region, zone, instanceType, keyName, subnetId, sshFrom, placement, market } =
    fleet;
  const machine = {
    id,
    subscriptionId,
    awsConnectionId,
    name,
    region,
    zone,
    instanceType,
    keyName,
    subnetId,
    sshFrom,
    placement,
    market,
  };
  const values = { tags: inOneOrder(fleet.tags), userData: inOneOrder(fleet.userData) };
  return { ...machine, ...values, ...(fleet.changedAt.getTime() === fleet.createdAt.getTime() ? sizeOf(fleet) : {}) };
}

const sizeOf = (fleet: Fleet): Record<string, unknown> => ({
  min: fleet.minMachines,
  max: fleet.maxMachines,
  fixed: fleet.fixedMachines,
  target: inOneOrder(fleet.target),
  schedules: inOneOrder(fleet.windows),
  scaleOutSeconds: fleet.scaleOutSeconds,
  scaleInSeconds: fleet.scaleInSeconds,
  hourlyCeiling: fleet.hourlyCeiling,
  idleMinutes: fleet.idleMinutes,
  drainSeconds: fleet.drainSeconds,
});
