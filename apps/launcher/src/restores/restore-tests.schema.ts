/** Shapes of tests of whether a snapshot would do. */
import { z } from 'zod';

export const RestoreTestQuery = z.object({ launchId: z.uuid().optional(), snapshotId: z.uuid().optional() });
export type RestoreTestQuery = z.output<typeof RestoreTestQuery>;

export const RestoreTestView = z
  .object({
    id: z.uuid(),
    launchId: z.uuid(),
    snapshotId: z.uuid(),
    versionId: z.uuid().describe('of the version that was started on it'),
    region: z.string(),
    instanceType: z.string(),
    disks: z
      .array(z.object({ name: z.string(), device: z.string(), sizeGib: z.number().int(), snapshotId: z.uuid().nullable() }))
      .describe('what its disks were made of: the snapshot, and of other volumes the newest that is good; null: an empty disk'),
    state: z.enum(['running', 'passed', 'failed']),
    finding: z.string().nullable().describe('what came of it, in a sentence'),
    askedAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable().describe('when EC2 was asked for its machine'),
    endedAt: z.iso.datetime().nullable(),
    secondsToHealthy: z.number().nullable().describe('from asking EC2 for the machine to an appliance that is well'),
    cleanedAt: z.iso.datetime().nullable().describe('when nothing of it was left in EC2'),
  })
  .meta({ id: 'RestoreTest' });
export type RestoreTestView = z.output<typeof RestoreTestView>;

export const RestoreTestList = z.object({ items: z.array(RestoreTestView) }).meta({ id: 'RestoreTestList' });
