/** Which version a fleet shall run: the one it was made with, until an upgrade of it is done. */
import type { EntityManager } from 'typeorm';
import type { Fleet } from '#tables/api/fleet.ts';
import { FleetUpgrade } from '#tables/launcher/fleet-upgrade.ts';

/** What the fleet adds by itself while it is being upgraded is of the version that is known to be well. @returns its id. */
export async function fleetVersion(tx: EntityManager, { id, versionId }: Pick<Fleet, 'id' | 'versionId'>): Promise<string> {
  const latest = await tx.findOne(FleetUpgrade, { where: { fleetId: id }, order: { askedAt: 'desc', id: 'desc' } });
  if (!latest) return versionId;
  return latest.state === 'done' ? latest.toVersionId : latest.fromVersionId;
}
