/** Shapes of estimates: what a launch would cost, software and infrastructure apart. */
import { z } from 'zod';
import { HOURS_OF_A_MONTH } from '#domain/estimate.ts';
import { INFRASTRUCTURE_KINDS } from '#domain/infrastructure.ts';

const MOST_PARTS = 25;

/** `users:25,storage_gb:100`: names with whole numbers, each once or, for volumes, as often as there are. */
const counted = (example: string): z.ZodType<Array<[string, bigint]>, string> =>
  z
    .string()
    .max(2_000)
    .regex(
      /^([A-Za-z0-9_.-]{1,60}:\d{1,10})(,[A-Za-z0-9_.-]{1,60}:\d{1,10})*$/,
      `must be names and whole numbers such as ${example}`,
    )
    .transform((text) =>
      text.split(',').map((part): [string, bigint] => {
        const [name, amount] = part.split(':');
        return [name!, BigInt(amount!)];
      }),
    )
    .refine((parts) => parts.length <= MOST_PARTS, `must be ${MOST_PARTS} at most`);

export const EstimateQuery = z
  .object({
    productId: z.uuid().optional().describe('of the product that is on sale, at its standing offer'),
    offerId: z.uuid().optional(),
    subscriptionId: z.uuid().optional().describe('at the prices of a subscription of yours'),
    region: z.string().min(1).max(40),
    instanceType: z.string().min(1).max(40),
    machines: z.coerce.number().int().min(1).max(10_000).default(1),
    hoursPerMonth: z.coerce
      .number()
      .int()
      .min(0)
      .max(744)
      .default(HOURS_OF_A_MONTH)
      .describe('how long each machine runs in a month'),
    volumes: counted('gp3:100')
      .optional()
      .describe("GiB of each data volume of a machine, by volume type: gp3:100,gp3:20; the version's own when not given"),
    snapshotGib: z.coerce.number().int().min(0).max(1_000_000).default(0).describe('GiB of snapshots kept of each machine'),
    quantities: counted('users:25')
      .refine((parts) => new Set(parts.map(([name]) => name)).size === parts.length, 'each dimension has one quantity')
      .optional()
      .describe("what the vendor's software would report in a month, by dimension: users:25,storage_gb:100"),
  })
  .refine(
    ({ productId, offerId, subscriptionId }) => [productId, offerId, subscriptionId].filter(Boolean).length === 1,
    'name one of productId, offerId and subscriptionId',
  );
export type EstimateQuery = z.output<typeof EstimateQuery>;

const money = z.string().describe('major units, exact');
const perHour = money.nullable().describe('of an hour in which the machines run; null for what does not follow from running');

const Totals = { perHour: money, perMonth: money };
const UnsureTotals = {
  perHour: money.nullable().describe('null when a price by the hour is not known'),
  perMonth: money.nullable().describe('null when a price is not known'),
};

export const EstimateView = z
  .object({
    productId: z.uuid(),
    offerId: z.uuid(),
    priceVersionId: z.uuid(),
    region: z.string(),
    instanceType: z.string(),
    machines: z.int(),
    hoursPerMonth: z.int(),
    software: z.object({
      currency: z.string(),
      lines: z.array(
        z.object({
          dimension: z.string(),
          description: z.string(),
          unit: z.string(),
          rate: z.string().nullable().describe('of a unit; null where there is no single one, as with tiers'),
          quantity: z.string().describe('in a month, in units'),
          isGiven: z.boolean().describe('false: no quantity was given, so it is counted as none'),
          perHour,
          perMonth: money,
        }),
      ),
      ...Totals,
    }),
    infrastructure: z.object({
      currency: z.string().nullable().describe("the offer's where AWS's prices are known in it; nothing is converted"),
      lines: z.array(
        z.object({
          kind: z.enum(INFRASTRUCTURE_KINDS),
          type: z.string(),
          amount: z.string().describe('GiB of a volume or of snapshots, 1 for a machine; of each machine'),
          rate: z.string().nullable().describe('for an hour of a machine, for a month of a GiB; null when it is not known'),
          source: z.string().nullable().describe('where the price was read'),
          effectiveFrom: z.iso.datetime().nullable(),
          perHour,
          perMonth: money.nullable(),
        }),
      ),
      ...UnsureTotals,
    }),
    total: z
      .object({ currency: z.string(), ...Totals })
      .nullable()
      .describe('null when a price is not known or the currencies differ'),
  })
  .meta({ id: 'Estimate' });
export type EstimateView = z.output<typeof EstimateView>;
