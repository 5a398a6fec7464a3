/** Shapes of launches: what was asked for, and what EC2 shows of it. */
import { z } from 'zod';
import { machineFields, sshIsMeant, zoneFits } from './machine-fields.ts';

const Volumes = z.enum(['delete', 'keep']);

const everyHours = z.number().int().min(1).max(8760).nullable();
const restoreTestEveryDays = z.number().int().min(1).max(365).nullable().default(null);
const keptSnapshots = z.number().int().min(1).max(1000);

export const NewLaunch = z
  .object({
    ...machineFields,
    snapshotOnEnd: z.boolean().default(false).describe('whether its data volumes are snapshotted when it ends'),
    volumesOnEnd: Volumes.default('delete').describe('what becomes of its data volumes when it ends'),
    snapshotEveryHours: everyHours.default(null).describe('how often its data volumes are snapshotted; never without it'),
    snapshotsKept: keptSnapshots.default(7).describe('how many of those are kept of each volume; the oldest go first'),
  })
  .refine(zoneFits.test, { path: ['zone'], error: zoneFits.error })
  .refine(sshIsMeant.test, { path: ['sshFrom'], error: sshIsMeant.error })
  .meta({ id: 'NewLaunch' });
export type NewLaunch = z.output<typeof NewLaunch>;

export const Desired = z.object({ state: z.enum(['running', 'stopped']) }).meta({ id: 'DesiredState' });
export type Desired = z.output<typeof Desired>;

export const Ending = z
  .object({
    snapshot: z.boolean().describe('whether its data volumes are snapshotted first'),
    volumes: Volumes.describe('what becomes of them then'),
  })
  .meta({ id: 'Ending' });
export type Ending = z.output<typeof Ending>;

export const SnapshotSchedule = z
  .object({
    everyHours: everyHours.describe('how often its data volumes are snapshotted; null: never'),
    kept: keptSnapshots.describe('how many of those are kept of each volume; the oldest go first, the newest that is good never'),
    restoreTestEveryDays: restoreTestEveryDays.describe(
      'how often the newest snapshot is tried on a machine apart from everything else; null: only when asked for',
    ),
  })
  .meta({ id: 'SnapshotSchedule' });
export type SnapshotSchedule = z.output<typeof SnapshotSchedule>;

/** As a query of DELETE: what is not said is as it was set before. */
export const EndingQuery = z.object({
  snapshot: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  volumes: Volumes.optional(),
});
export type EndingQuery = z.output<typeof EndingQuery>;

const instant = z.iso.datetime().nullable();

export const LaunchView = z
  .object({
    id: z.uuid(),
    subscriptionId: z.uuid(),
    product: z.string(),
    version: z.string(),
    region: z.string(),
    instanceType: z.string(),
    name: z.string().nullable(),
    zone: z.string().nullable().describe('as asked for'),
    keyName: z.string().nullable(),
    subnetId: z.string().nullable(),
    sshFrom: z.string().nullable(),
    placement: z.enum(['none', 'spread', 'partition']),
    market: z.enum(['on-demand', 'spot']),
    tags: z.record(z.string(), z.string()),
    settings: z.array(z.string()).describe("which of the product's settings were given"),
    ending: Ending,
    snapshotSchedule: SnapshotSchedule,
    awsConnectionId: z.uuid().nullable().describe("the connection that it runs through; null: the marketplace's own account"),
    connectionProblem: z.string().nullable().describe('why that connection does not work at the moment'),
    desired: z.enum(['running', 'stopped', 'terminated']),
    desiredAt: z.iso.datetime(),
    rebootAt: instant.describe('when a reboot was last asked for'),
    state: z.enum([
      'accepted',
      'planned',
      'pending',
      'running',
      'healthy',
      'stopping',
      'stopped',
      'terminating',
      'terminated',
      'failed',
    ]),
    url: z.string().nullable().describe('where the appliance answers, once it is healthy'),
    instanceId: z.uuid().nullable().describe('its machine now; another one after that was lost'),
    ec2InstanceId: z.string().nullable(),
    failure: z.string().nullable(),
    createdAt: z.iso.datetime(),
    launchedAt: instant,
    healthyAt: instant,
    terminatedAt: instant,
  })
  .meta({ id: 'Launch' });
export type LaunchView = z.output<typeof LaunchView>;

export const LaunchList = z.object({ items: z.array(LaunchView) }).meta({ id: 'LaunchList' });
