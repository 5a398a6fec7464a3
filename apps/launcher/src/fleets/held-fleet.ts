/**
 * A fleet whose state nobody else changes until the transaction ends, so that scaling and upgrading it take turns. Reads api.fleet, its
 * subscription and version.
 */
import type { EntityManager } from 'typeorm';
import { Fleet } from '#tables/api/fleet.ts';
import { Subscription } from '#tables/api/subscription.ts';
import { Version } from '#tables/api/version.ts';
import { FleetState } from '#tables/launcher/fleet-state.ts';
import { newId } from '#platform/ids.ts';
import type { Instance } from '#tables/launcher/instance.ts';
import { fleetVersion } from './fleet-version.ts';

/** A fleet's machines, as one text: whether anything happened to them is whether it differs. */
export const MEMBERS = `select instance.fleet_id, md5(string_agg(instance.id || instance.state || instance.desired, ',' order by instance.id)) as seen
  from launcher.instance where instance.fleet_id is not null and instance.state not in ('terminated', 'failed') group by instance.fleet_id`;

export interface HeldFleet {
  fleet: Fleet;
  subscription: Subscription;
  /** Of the machines that it adds by itself. */
  version: Version;
  state: FleetState;
}

/** Whoever comes second waits here, and then sees what the first has done: two at once never do the same twice. */
export async function holdFleet(tx: EntityManager, id: string, now: Date): Promise<HeldFleet> {
  const fresh = { fleetId: id, why: 'It was not looked at yet.', membersSeen: '', decidedAt: now };
  await tx.createQueryBuilder().insert().into(FleetState).values(fresh).orIgnore().execute();
  const state = await tx.findOneOrFail(FleetState, { where: { fleetId: id }, lock: { mode: 'pessimistic_write' } });
  const fleet = await tx.findOneByOrFail(Fleet, { id });
  const subscription = await tx.findOneByOrFail(Subscription, { id: fleet.subscriptionId });
  const version = await tx.findOneByOrFail(Version, { id: await fleetVersion(tx, fleet) });
  return { fleet, subscription, version, state };
}

export const isOver = ({ fleet, subscription }: Pick<HeldFleet, 'fleet' | 'subscription'>): boolean =>
  fleet.endedAt !== null || subscription.endedAt !== null;

/** Who was launched in whose place, in the upgrade that is under way. */
export async function replacements(tx: EntityManager, fleetId: string): Promise<Map<string, string>> {
  const rows: Array<{ instance_id: string; replaces: string }> = await tx.query(
    `select fleet_replacement.instance_id, fleet_replacement.replaces from launcher.fleet_replacement
       join launcher.fleet_upgrade on fleet_upgrade.id = fleet_replacement.upgrade_id and fleet_upgrade.ended_at is null
      where fleet_upgrade.fleet_id = $1`,
    [fleetId],
  );
  return new Map(rows.map((row) => [row.instance_id, row.replaces]));
}

export async function membersSeen(tx: EntityManager, fleetId: string): Promise<string> {
  const [row]: Array<{ seen: string }> = await tx.query(
    `select member.seen from (${MEMBERS}) member where member.fleet_id = $1`,
    [fleetId],
  );
  return row?.seen ?? '';
}

export const plannedMember = (
  { fleet, subscription }: Pick<HeldFleet, 'fleet' | 'subscription'>,
  versionId: string,
  now: Date,
): Partial<Instance> & { id: string } => ({
  id: newId(),
  fleetId: fleet.id,
  versionId,
  subscriptionId: subscription.id,
  buyerId: fleet.buyerId,
  vendorId: subscription.vendorId,
  productId: subscription.productId,
  awsConnectionId: fleet.awsConnectionId,
  region: fleet.region,
  instanceType: fleet.instanceType,
  desired: 'running',
  state: 'planned',
  createdAt: now,
});
