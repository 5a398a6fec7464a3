/** Shapes of volumes that are put back from snapshots. */
import { z } from 'zod';
import { patienceSeconds } from '../instances/patience.ts';

export const NewRestore = z
  .object({
    snapshotId: z.uuid().describe('one of yours, in the same region and account, of a volume no larger'),
    oldVolume: z
      .enum(['keep', 'delete'])
      .default('keep')
      .describe('what becomes of the old volume once the machine is healthy with the new one'),
    patienceSeconds: patienceSeconds.describe('how long the machine may take to be healthy, before the old volume is put back'),
  })
  .meta({ id: 'NewRestore' });
export type NewRestore = z.output<typeof NewRestore>;

export const RestoreQuery = z.object({ launchId: z.uuid().optional() });
export type RestoreQuery = z.output<typeof RestoreQuery>;

export const RestoreView = z
  .object({
    id: z.uuid(),
    launchId: z.uuid(),
    volumeId: z.uuid().describe('the old volume'),
    newVolumeId: z.uuid().describe('the one that is made of the snapshot'),
    snapshotId: z.uuid(),
    oldVolume: z.enum(['keep', 'delete']),
    patienceSeconds: z.number().int(),
    state: z
      .enum(['restoring', 'done', 'undone'])
      .describe('done: the machine is healthy with the new volume; undone: it is not, and failure says why'),
    failure: z.string().nullable(),
    askedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Restore' });
export type RestoreView = z.output<typeof RestoreView>;

export const RestoreList = z.object({ items: z.array(RestoreView) }).meta({ id: 'RestoreList' });
