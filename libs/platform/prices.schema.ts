/** Shapes of prices: one for each model. Amounts are decimal strings in major units; what is counted is a number. */
import { z } from 'zod';
import { parseRate } from '#domain/money.ts';
import { ANNUAL_MONTHS, MOST_INSTALMENTS } from '#domain/pricing/commitment.ts';
import { CONTRACT_MONTHS, equalInstalments, wrongSchedule } from '#domain/pricing/contract.ts';
import type { PriceModel } from '#domain/pricing/price.ts';
import { wrongTiers } from '#domain/pricing/tiers.ts';
import { isRuntimeDimension, USUAL_MINIMUM_SECONDS } from '#domain/runtime.ts';

export const Decimal = z
  .string()
  // Where it is no decimal, what is asked of several fields together is not asked.
  .regex(/^\d{1,12}(\.\d{1,12})?$/, {
    error: 'must be a decimal in major units with at most 12 places, such as "0.25"',
    abort: true,
  });
export const Dimension = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,60}$/, 'must be 1 to 60 letters, digits, dots, dashes or underscores');
const Whole = z.int({ abort: true });
const Count = Whole.min(1).max(Number.MAX_SAFE_INTEGER);
const Description = z.string().trim().min(1).max(120);
const Unit = z.string().trim().min(1).max(40);
const InstanceType = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,39}$/);
const Rates = z
  .record(InstanceType, Decimal, {
    error: ({ code }) => (code === 'invalid_key' ? 'must be an instance type such as "m5.large"' : undefined),
  })
  .refine((rates) => Object.keys(rates).length >= 1 && Object.keys(rates).length <= 100, 'must name 1 to 100 instance types');
const Included = Whole.min(0).max(Number.MAX_SAFE_INTEGER).describe('units of each month that cost nothing');

export const Increment = z
  .enum(['hour', 'second'])
  .describe('what running is counted in: each hour begun, or each second as a fraction of the hour');
export const MinimumSeconds = z
  .number()
  .int()
  .min(0)
  .max(3600)
  .describe(
    `with increment "second": what each start of a machine costs at least; ${USUAL_MINIMUM_SECONDS} unless said otherwise`,
  );

const FreePrice = z.strictObject({ model: z.literal('free') });
const ByolPrice = z.strictObject({ model: z.literal('byol') }).describe('the buyer brings a licence; nothing is charged here');

/** The platform counts it, and names its dimension itself. */
const HourlyPrice = z
  .object({
    model: z.literal('hourly'),
    description: Description.default('Running machine'),
    unit: z.literal('hour').default('hour'),
    rate: Decimal.describe('for an hour of a machine of any type that has no price of its own'),
    rates: Rates.optional().describe('for an hour of machines of single types, by type'),
    increment: Increment.default('hour'),
    minimumSeconds: MinimumSeconds.optional(),
    included: Whole.min(0)
      .max(1_000_000)
      .optional()
      .describe('hours of each month that cost nothing, of types without a price of their own'),
  })
  .refine(({ increment, minimumSeconds }) => increment === 'second' || !minimumSeconds, {
    path: ['minimumSeconds'],
    error: 'whole hours have no minimum; it belongs to increment "second"',
  });

const reported = {
  dimension: Dimension.refine((value) => !isRuntimeDimension(value), {
    error: ({ input }) => `"${input}" is what the platform counts; name yours otherwise`,
  }).describe('as your software reports it'),
  description: Description,
  unit: Unit,
  included: Included.optional(),
};

const MeteredPrice = z.object({ model: z.literal('metered'), ...reported, rate: Decimal });

const Tier = z.strictObject({
  upTo: Count.nullable().describe('the last unit of the tier, counted from the first of the month; null for the last tier'),
  rate: Decimal.describe('for one unit'),
  flat: Decimal.default('0').describe('once, when the tier is entered'),
});
const Tiers = z
  .array(Tier)
  .min(1)
  .max(50)
  .superRefine((tiers, context) => {
    const wrong = wrongTiers(tiers.map(({ upTo }) => ({ upTo: upTo === null ? null : BigInt(upTo) })));
    if (wrong) context.addIssue({ code: 'custom', message: wrong });
  });
const GraduatedPrice = z
  .strictObject({ model: z.literal('graduated'), ...reported, tiers: Tiers })
  .describe('each unit at the price of the tier it is in');
const VolumePrice = z
  .strictObject({ model: z.literal('volume'), ...reported, tiers: Tiers })
  .describe("all units at the price of the tier that the month's last one is in");
const PackagePrice = z
  .strictObject({ model: z.literal('package'), ...reported, size: Count.describe('units in a package'), rate: Decimal })
  .describe('packages of so many units; one that is begun is paid in full');

const fixed = (model: 'flat' | 'monthly' | 'one_time', { name, unit }: { name: string; unit: string }) =>
  ({
    model: z.literal(model),
    dimension: Dimension.refine((value) => !isRuntimeDimension(value), 'is what the platform counts').default(model),
    description: Description.default(name),
    unit: Unit.default(unit),
    rate: Decimal,
  }) as const;
const FlatPrice = z
  .strictObject({ ...fixed('flat', { name: 'Monthly fee', unit: 'month' }), model: z.literal('flat') })
  .describe('for each calendar month begun');
const MonthlyPrice = z
  .strictObject({ ...fixed('monthly', { name: 'Monthly fee', unit: 'month' }), model: z.literal('monthly') })
  .describe('for a calendar month, by the second for a part of one');
const OneTimePrice = z
  .strictObject({ ...fixed('one_time', { name: 'Set-up fee', unit: 'set-up' }), model: z.literal('one_time') })
  .describe('once, when the subscription begins to cost something');

const AnnualPrice = z
  .strictObject({
    model: z.literal('annual'),
    description: Description.default('Machine for a year'),
    unit: z.literal('machine').default('machine'),
    rates: Rates.describe(`for ${ANNUAL_MONTHS} months of one machine, by type; what runs beyond is charged by the hour`),
  })
  .describe('buyers commit to dimension "annual.<type>"');

const Schedule = z
  .array(z.strictObject({ afterMonths: z.int().min(0).max(59), amount: Decimal }))
  .min(1)
  .max(MOST_INSTALMENTS);
const ContractOption = z
  .strictObject({
    months: z.int().min(1).max(60),
    rate: Decimal.describe('for one unit and the whole time'),
    instalments: z
      .union([z.int().min(2).max(MOST_INSTALMENTS), Schedule])
      .optional()
      .describe('so many equal parts, one a month, or amounts for one unit that sum to the rate; all at once when left out'),
  })
  .superRefine(({ months, rate, instalments }, context) => {
    if (instalments === undefined) return;
    const isCount = typeof instalments === 'number';
    const parts = isCount
      ? equalInstalments(instalments)
      : instalments.map(({ afterMonths, amount }) => ({ afterMonths, share: parseRate(amount) }));
    const wrong = wrongSchedule(parts, { months, rate: isCount ? null : parseRate(rate) });
    if (wrong) context.addIssue({ code: 'custom', path: ['instalments'], message: wrong });
  });
const ContractPrice = z
  .strictObject({
    model: z.literal('contract'),
    dimension: reported.dimension,
    description: Description,
    unit: Unit,
    options: z
      .array(ContractOption)
      .min(1)
      .max(8)
      .refine((options) => new Set(options.map(({ months }) => months)).size === options.length, 'each length has one price'),
  })
  .describe(`for ${CONTRACT_MONTHS.join(', ')} months; private offers may have other lengths`);

const InfrastructurePrice = z
  .strictObject({
    model: z.literal('infrastructure'),
    dimension: Dimension.refine((value) => !isRuntimeDimension(value), 'is what the platform counts').default('infrastructure'),
    description: Description.default('Share of infrastructure'),
    unit: z.literal('%').default('%'),
    percent: z
      .string()
      .regex(/^\d{1,4}(\.\d{1,2})?$/, { error: 'must be a percentage with at most 2 places, such as "12.5"', abort: true })
      .refine((value) => parseRate(value) > 0n && parseRate(value) <= parseRate('1000'), 'must be more than 0 and at most 1000'),
  })
  .describe("of what the buyer's machines cost at the cloud");

export const NewPrice = z.discriminatedUnion('model', [
  FreePrice,
  ByolPrice,
  HourlyPrice,
  MeteredPrice,
  GraduatedPrice,
  VolumePrice,
  PackagePrice,
  FlatPrice,
  MonthlyPrice,
  OneTimePrice,
  AnnualPrice,
  ContractPrice,
  InfrastructurePrice,
]);
export type NewPrice = z.output<typeof NewPrice>;

const MODELS = [
  'free',
  'byol',
  'hourly',
  'metered',
  'graduated',
  'volume',
  'package',
  'flat',
  'monthly',
  'one_time',
  'annual',
  'contract',
  'infrastructure',
] as const satisfies readonly PriceModel[];

export const PriceView = z
  .object({
    model: z.enum(MODELS),
    dimension: z.string(),
    description: z.string(),
    unit: z.string(),
    rate: z.string().optional().describe('for one unit, where there is a single one'),
    rates: z.record(z.string(), z.string()).optional().describe('by instance type, for types with a price of their own'),
    increment: Increment.optional().describe('of an hourly price'),
    minimumSeconds: MinimumSeconds.optional().describe('of an hourly price by the second'),
    included: z.int().optional().describe('units (of an hourly price: hours) of each month that cost nothing'),
    tiers: z.array(z.object({ upTo: z.int().nullable(), rate: z.string(), flat: z.string() })).optional(),
    size: z.int().optional().describe('units in a package'),
    options: z
      .array(
        z.object({
          months: z.int(),
          rate: z.string(),
          instalments: z.array(z.object({ afterMonths: z.int(), amount: z.string() })).optional(),
        }),
      )
      .optional()
      .describe('lengths of a contract'),
    percent: z.string().optional().describe('of infrastructure'),
  })
  .meta({ id: 'Price' });
export type PriceView = z.output<typeof PriceView>;

const afterwards = z
  .enum(['ends', 'converts'])
  .default('ends')
  .describe('what comes after: nothing, unless the buyer says yes; or it is charged');
export const Trial = z
  .union([
    z.strictObject({ days: z.int().min(1).max(365), afterwards }),
    z.strictObject({ dimension: Dimension, quantity: Count.describe('units of the dimension, once'), afterwards }),
  ])
  .meta({ id: 'Trial' });
export type Trial = z.output<typeof Trial>;
