/** Shapes of fleets: how many machines a buyer wants, by number, schedule or load, and how many there are and why. */
import { z } from 'zod';
import { isTimeZone, WEEKDAYS } from '#domain/schedule.ts';
import { machineFields, sshIsMeant, zoneFits } from '../launches/machine-fields.ts';

export const MOST_MACHINES = 200;

const Count = z.number().int().min(0).max(MOST_MACHINES);
const Seconds = z.number().int().min(0).max(3600);
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 08:00');

export const Target = z
  .object({
    metric: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,60}$/, 'must be 1 to 60 letters, digits, dots, dashes or underscores')
      .describe('a number that the appliance reports, by its name there'),
    perMachine: z.number().positive().max(1e12).describe('how much of it one machine shall have'),
    scope: z
      .enum(['machine', 'fleet'])
      .default('machine')
      .describe('machine: each reports its own part, they add up; fleet: all report the same whole, such as a queue they share'),
    idleAt: z.number().min(0).max(1e12).default(0).describe('a machine that reports this or less is idle'),
  })
  .meta({ id: 'FleetTarget' });

export const Schedule = z
  .object({
    days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
    from: TimeOfDay,
    to: TimeOfDay.describe('exclusive; not after `from`: on the next day'),
    timeZone: z.string().max(60).refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin').default('UTC'),
    min: Count,
    max: Count,
  })
  .meta({ id: 'FleetSchedule' });

const scalingFields = {
  min: Count.describe('the fewest machines it may have'),
  max: Count.min(1).describe('the most machines it may have, schedules included'),
  fixed: Count.nullable().describe('so many, whatever is reported; null lets the target decide'),
  target: Target.nullable().describe('needs a version that reports metrics'),
  schedules: z
    .array(Schedule)
    .max(20)
    .describe('other bounds in weekly windows; where windows overlap, the largest min and the largest max of them'),
  scaleOutSeconds: Seconds.describe('between two steps out'),
  scaleInSeconds: Seconds.describe(
    'how long fewer machines have to be enough, and how long after any step, before there are fewer',
  ),
  hourlyCeiling: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be a decimal in major units with at most 12 places, such as "2.50"')
    .nullable()
    .describe("the most it may cost an hour, in the subscription's currency: software, and machines where their price is known"),
  idleMinutes: z
    .number()
    .int()
    .min(1)
    .max(1440)
    .nullable()
    .describe('how long all machines have to be idle before there are none; null for never; needs a target and min 0'),
  drainSeconds: Seconds.describe('how long a machine may finish its work before it goes; it is not metered meanwhile'),
};

export const NewFleet = z
  .object({
    ...machineFields,
    min: scalingFields.min.default(1),
    max: scalingFields.max,
    fixed: scalingFields.fixed.default(null),
    target: scalingFields.target.default(null),
    schedules: scalingFields.schedules.default([]),
    scaleOutSeconds: scalingFields.scaleOutSeconds.default(60),
    scaleInSeconds: scalingFields.scaleInSeconds.default(300),
    hourlyCeiling: scalingFields.hourlyCeiling.default(null),
    idleMinutes: scalingFields.idleMinutes.default(null),
    drainSeconds: scalingFields.drainSeconds.default(120),
  })
  .refine(zoneFits.test, { path: ['zone'], error: zoneFits.error })
  .refine(sshIsMeant.test, { path: ['sshFrom'], error: sshIsMeant.error })
  .meta({ id: 'NewFleet' });
export type NewFleet = z.output<typeof NewFleet>;

/** What is not said stays. */
export const FleetChange = z.object(scalingFields).partial().meta({ id: 'FleetChange' });
export type FleetChange = z.output<typeof FleetChange>;

const instant = z.iso.datetime().nullable();

export const FleetView = z
  .object({
    id: z.uuid(),
    subscriptionId: z.uuid(),
    product: z.string(),
    version: z.string(),
    name: z.string().nullable(),
    awsConnectionId: z.uuid().nullable(),
    connectionProblem: z.string().nullable().describe('why that connection does not work at the moment'),
    region: z.string(),
    zone: z.string().nullable(),
    instanceType: z.string(),
    keyName: z.string().nullable(),
    subnetId: z.string().nullable(),
    sshFrom: z.string().nullable(),
    placement: z.enum(['none', 'spread', 'partition']),
    market: z.enum(['on-demand', 'spot']),
    tags: z.record(z.string(), z.string()),
    settings: z.array(z.string()).describe("which of the product's settings were given"),
    ...scalingFields,
    currency: z.string().describe('of the ceiling'),
    createdAt: z.iso.datetime(),
    changedAt: z.iso.datetime(),
    wakeRequestedAt: instant,
    endedAt: instant,
    state: z
      .object({
        desired: z.number().int().nullable().describe('how many machines it shall have now; null until it was looked at'),
        why: z.string(),
        machines: z.number().int().describe('that are not gone, those on their way in or out included'),
        healthy: z.number().int().describe('that take work'),
        draining: z.number().int(),
        load: z.number().nullable().describe("the target's metric over all machines, as far as they report it"),
        scaledAt: instant.describe('when it last grew or shrank'),
        asleepSince: instant,
        decidedAt: instant.describe('when it was last looked at'),
      })
      .describe('what the launcher made of it'),
  })
  .meta({ id: 'Fleet' });
export type FleetView = z.output<typeof FleetView>;

export const FleetList = z.object({ items: z.array(FleetView) }).meta({ id: 'FleetList' });

export const FleetMachineView = z
  .object({
    id: z.uuid(),
    state: z.enum(['planned', 'pending', 'running', 'healthy', 'stopping', 'stopped', 'terminating', 'terminated', 'failed']),
    ec2InstanceId: z.string().nullable(),
    zone: z.string().nullable(),
    url: z.string().nullable(),
    failure: z.string().nullable(),
    createdAt: z.iso.datetime(),
    healthyAt: instant,
    drainingAt: instant.describe('since when it takes no new work and is not metered'),
    terminatedAt: instant,
  })
  .meta({ id: 'FleetMachine' });
export type FleetMachineView = z.output<typeof FleetMachineView>;

export const FleetMachineList = z.object({ items: z.array(FleetMachineView) }).meta({ id: 'FleetMachineList' });
