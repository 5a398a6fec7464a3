/** Shapes of what a subscription's machines cost at AWS. */
import { z } from 'zod';

const MOST_DAYS = 92;
const DAY_MS = 86_400_000;
const wholeHour = (instant: Date): boolean => instant.getTime() % 3_600_000 === 0;
const hour = z.iso
  .datetime({ offset: true })
  .transform((value) => new Date(value))
  .refine(wholeHour, 'must be the start of an hour');

export const InfrastructureCostQuery = z
  .object({
    subscriptionId: z.uuid(),
    launchId: z.uuid().optional().describe('of one launch alone'),
    from: hour.optional().describe('first hour, included; the start of this month (UTC) when not given'),
    to: hour.optional().describe('end, excluded; now when not given'),
  })
  .refine(
    ({ from, to }) => !from || !to || (from < to && to.getTime() - from.getTime() <= MOST_DAYS * DAY_MS),
    `from must be before to, by ${MOST_DAYS} days at most`,
  );
export type InfrastructureCostQuery = z.output<typeof InfrastructureCostQuery>;

const amount = z.string().describe('major units, rounded once to twelve decimals');
const unpricedSeconds = z.string().describe('seconds that ran and for which no price is known: not in the amount, and not free');

export const InfrastructureCostView = z
  .object({
    subscriptionId: z.uuid(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    totals: z
      .array(
        z.object({
          currency: z.string(),
          amount,
          perHour: z.string().describe('what the machines that run now cost by the hour'),
        }),
      )
      .describe('one for each currency that prices are in: the sum of seconds × price of the hour, rounded once'),
    unpricedSeconds,
    instances: z
      .array(
        z.object({
          id: z.uuid(),
          launchId: z.uuid().nullable().describe('null for a machine of a fleet'),
          region: z.string(),
          instanceType: z.string(),
          state: z.string(),
          ec2InstanceId: z.string().nullable(),
          currency: z.string().nullable().describe('null when no price is known'),
          amount,
          perHour: z.string().nullable().describe('while it runs: the price of this hour'),
          unpricedSeconds,
          lines: z.array(
            z.object({
              seconds: z.string(),
              rate: z.string().describe('major units for an hour'),
              amount,
              effectiveFrom: z.iso.datetime(),
              source: z.string(),
            }),
          ),
        }),
      )
      .describe('the machines that ran, the newest first, 1,000 at most; the totals are of all'),
  })
  .meta({ id: 'InfrastructureCost' });
export type InfrastructureCostView = z.output<typeof InfrastructureCostView>;
