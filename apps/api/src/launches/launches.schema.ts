/** Shapes of launches: what was asked for, and what EC2 shows of it. */
import { z } from 'zod';
import { isAnywhere } from '#domain/firewall.ts';

/** EC2 takes 50 tags on a resource; the rest are Slipway's own. */
export const MOST_TAGS = 40;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const Tags = z
  .record(
    z
      .string()
      .min(1)
      .max(128)
      .regex(TAG_TEXT, 'may hold letters, digits, spaces and _ . : / = + - @')
      .refine((key) => !/^(aws|slipway):/i.test(key), 'must not begin with aws: or slipway:, which are not yours to give'),
    z.string().max(256).regex(TAG_TEXT, 'may hold letters, digits, spaces and _ . : / = + - @'),
  )
  .refine((tags) => Object.keys(tags).length <= MOST_TAGS, `must be at most ${MOST_TAGS}; EC2 takes 50, with Slipway's own`);

const Volumes = z.enum(['delete', 'keep']);

const everyHours = z.number().int().min(1).max(8760).nullable();
const keptSnapshots = z.number().int().min(1).max(1000);

export const NewLaunch = z
  .object({
    subscriptionId: z.uuid(),
    region: z.string().min(1).max(40),
    instanceType: z.string().min(1).max(40),
    awsConnectionId: z
      .uuid()
      .nullable()
      .default(null)
      .describe("run it in your own AWS account, by this connection; without it in the marketplace's"),
    name: z.string().trim().min(1).max(100).nullable().default(null).describe('what you call it'),
    zone: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'must be an availability zone such as us-east-1a')
      .nullable()
      .default(null)
      .describe('where it has to be; without one EC2 chooses'),
    keyName: z
      .string()
      .regex(/^[\x21-\x7e][\x20-\x7e]{0,253}[\x21-\x7e]$|^[\x21-\x7e]$/, 'must be the name of an EC2 key pair')
      .nullable()
      .default(null)
      .describe('an EC2 key pair in that account and region, for SSH'),
    subnetId: z
      .string()
      .regex(/^subnet-[0-9a-f]{8,17}$/, 'must be a subnet such as subnet-0123456789abcdef0')
      .nullable()
      .default(null)
      .describe('a subnet of your own AWS account; the default network without one'),
    sshFrom: z
      .cidrv4('must be an IPv4 range such as 203.0.113.0/24')
      .nullable()
      .default(null)
      .describe('whence SSH is open; closed without one'),
    sshFromAnywhere: z.boolean().default(false).describe('say so when sshFrom is every address there is'),
    placement: z
      .enum(['none', 'spread', 'partition'])
      .default('none')
      .describe('spread: on other hardware than your other machines of the product; partition: in racks of its own partition'),
    market: z
      .enum(['on-demand', 'spot'])
      .default('on-demand')
      .describe('spot: at a lower price, and taken back by AWS at two minutes’ notice; another machine then takes its place'),
    tags: Tags.default({}).describe('for cost allocation: put on the machine and its volumes'),
    userData: z
      .record(z.string().max(60), z.string().max(16_384))
      .refine((values) => Object.keys(values).length <= 100, 'must be at most 100 values')
      .default({})
      .describe("the product's settings, by name; not shown again"),
    snapshotOnEnd: z.boolean().default(false).describe('whether its data volumes are snapshotted when it ends'),
    volumesOnEnd: Volumes.default('delete').describe('what becomes of its data volumes when it ends'),
    snapshotEveryHours: everyHours.default(null).describe('how often its data volumes are snapshotted; never without it'),
    snapshotsKept: keptSnapshots.default(7).describe('how many of those are kept of each volume; the oldest go first'),
  })
  .refine(({ zone, region }) => zone === null || zone.startsWith(region), { path: ['zone'], error: 'must be in the region' })
  .refine(({ sshFrom, sshFromAnywhere }) => sshFrom === null || !isAnywhere(sshFrom) || sshFromAnywhere, {
    path: ['sshFrom'],
    error: 'opens SSH to every address there is; name a smaller range, or say sshFromAnywhere: true',
  })
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
