/** Shapes of snapshots of data volumes. */
import { z } from 'zod';

export const SnapshotQuery = z.object({ launchId: z.uuid().optional(), volumeId: z.uuid().optional() });
export type SnapshotQuery = z.output<typeof SnapshotQuery>;

export const SnapshotView = z
  .object({
    id: z.uuid(),
    launchId: z.uuid().nullable(),
    volumeId: z.uuid(),
    volume: z.string().describe('the name of its volume'),
    sizeGib: z.number().int(),
    region: z.string(),
    awsConnectionId: z.uuid().nullable().describe("the connection to the account that it is in; null: the marketplace's own"),
    ec2SnapshotId: z.string().nullable(),
    reason: z
      .enum(['scheduled', 'asked', 'upgrade', 'final'])
      .describe('by schedule; asked for; before an upgrade; before its volume went'),
    state: z.enum(['planned', 'pending', 'completed', 'failed', 'deleting', 'deleted']),
    progress: z.number().int().describe('per cent'),
    failure: z.string().nullable(),
    sharedWith: z.string().nullable().describe('the AWS account that may make volumes of it'),
    createdAt: z.iso.datetime(),
    completedAt: z.iso.datetime().nullable(),
    deletedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Snapshot' });
export type SnapshotView = z.output<typeof SnapshotView>;

export const SnapshotList = z.object({ items: z.array(SnapshotView) }).meta({ id: 'SnapshotList' });
