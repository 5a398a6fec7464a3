/** Shapes of upgrades. */
import { z } from 'zod';
import { patienceSeconds } from '../instances/patience.ts';

export const NewUpgrade = z
  .object({
    launchId: z.uuid(),
    versionId: z.uuid().describe('the version that its product is sold in now'),
    patienceSeconds: patienceSeconds.describe('how long the new version may take to be healthy, before everything goes back'),
  })
  .meta({ id: 'NewUpgrade' });
export type NewUpgrade = z.output<typeof NewUpgrade>;

export const UpgradeQuery = z.object({ launchId: z.uuid().optional() });
export type UpgradeQuery = z.output<typeof UpgradeQuery>;

export const UpgradeView = z
  .object({
    id: z.uuid(),
    launchId: z.uuid(),
    fromVersionId: z.uuid(),
    toVersionId: z.uuid(),
    state: z
      .enum(['preparing', 'replacing', 'rolling-back', 'done', 'rolled-back', 'failed'])
      .describe(
        'preparing: the old machine ends and its data is snapshotted; replacing: the new version comes up; failed: neither version is well, and failure says why',
      ),
    failure: z.string().nullable().describe('why it went back'),
    patienceSeconds: z.number().int(),
    snapshots: z.array(z.object({ id: z.uuid(), volumeId: z.uuid(), state: z.string() })).describe('of the data, before'),
    askedAt: z.iso.datetime(),
    stepAt: z.iso.datetime().describe('when its state was entered'),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Upgrade' });
export type UpgradeView = z.output<typeof UpgradeView>;

export const UpgradeList = z.object({ items: z.array(UpgradeView) }).meta({ id: 'UpgradeList' });
