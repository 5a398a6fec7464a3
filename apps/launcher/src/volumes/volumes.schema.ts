/** Shapes of data volumes. */
import { z } from 'zod';

export const VolumeQuery = z.object({ launchId: z.uuid().optional() });
export type VolumeQuery = z.output<typeof VolumeQuery>;

export const Release = z
  .object({
    awsAccountId: z
      .string()
      .regex(/^\d{12}$/, 'must be the 12 digits of an AWS account')
      .optional()
      .describe("to whom a volume in the marketplace's account is handed; your organisation's own account unless said otherwise"),
  })
  .meta({ id: 'ReleaseVolume' });
export type Release = z.output<typeof Release>;

export const VolumeView = z
  .object({
    id: z.uuid(),
    launchId: z.uuid().nullable(),
    name: z.string(),
    device: z.string(),
    sizeGib: z.number().int(),
    type: z.string(),
    region: z.string(),
    zone: z.string().nullable(),
    awsConnectionId: z.uuid().nullable().describe("the connection to the account that it is in; null: the marketplace's own"),
    ec2VolumeId: z.string().nullable(),
    state: z.enum(['planned', 'creating', 'available', 'attaching', 'attached', 'detaching', 'lost', 'released', 'deleted']),
    wanted: z
      .enum(['attached', 'kept', 'released', 'deleted'])
      .describe('attached: on its launch’s machine; kept: without one; released: yours; deleted'),
    instanceId: z.uuid().nullable().describe('the machine that holds it'),
    failure: z.string().nullable(),
    releasedTo: z.string().nullable().describe('the AWS account that it was handed to'),
    snapshotId: z.string().nullable().describe('EC2’s id of the snapshot that was taken last before it was let go'),
    createdAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Volume' });
export type VolumeView = z.output<typeof VolumeView>;

export const VolumeList = z.object({ items: z.array(VolumeView) }).meta({ id: 'VolumeList' });
