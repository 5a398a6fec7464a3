/** Which version a launch shall run: the one it was launched with, until an upgrade says otherwise. */
import type { EntityManager } from 'typeorm';
import type { Launch } from '#tables/api/launch.ts';
import { Upgrade } from '#tables/launcher/upgrade.ts';

/** @returns its id. */
export async function wantedVersion(tx: EntityManager, { id, versionId }: Pick<Launch, 'id' | 'versionId'>): Promise<string> {
  const latest = await tx.findOne(Upgrade, { where: { launchId: id }, order: { askedAt: 'desc', id: 'desc' } });
  if (!latest) return versionId;
  const isOn = latest.state === 'preparing' || latest.state === 'replacing' || latest.state === 'done';
  return isOn ? latest.toVersionId : latest.fromVersionId;
}
