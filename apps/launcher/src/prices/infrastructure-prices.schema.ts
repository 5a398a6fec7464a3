/** Shapes of infrastructure prices: lists as they are imported, in JSON or CSV, and prices as they are read. */
import { z } from 'zod';
import { INFRASTRUCTURE_KINDS } from '#domain/infrastructure.ts';

export const MOST_PRICES = 50_000;
/** The columns of a CSV list, in any order; the fields of a price in JSON. */
export const COLUMNS = ['kind', 'region', 'type', 'currency', 'rate', 'effectiveFrom', 'source'] as const;

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));
const wholeHour = (instant: string): boolean => new Date(instant).getTime() % 3_600_000 === 0;

const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region such as us-east-1');
const kind = z.enum(INFRASTRUCTURE_KINDS);
const type = z
  .string()
  .regex(
    /^[a-z][a-z0-9.-]{1,39}$/,
    'must be an instance type such as t3.micro, a volume type such as gp3, or standard for a snapshot',
  );
const currency = z
  .string()
  .length(3)
  .toLowerCase()
  .refine((value) => CURRENCIES.has(value.toUpperCase()), 'must be a currency of ISO 4217 such as usd');

const PriceFields = z.object({
  kind: kind.describe('instance: an hour of an instance type. volume, snapshot: a month of a GiB'),
  region,
  type: type.describe('instance type, volume type, or storage tier of snapshots (standard, archive)'),
  currency,
  rate: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be a decimal in major units with at most 12 places, such as "0.0104"')
    .describe('major units'),
  effectiveFrom: z.iso
    .date()
    .or(z.iso.datetime({ offset: true }))
    .refine(wholeHour, 'must be the start of an hour, or a day')
    .describe('the hour, or the day (UTC), from which on it is the price'),
  source: z.string().trim().min(1).max(200).describe('where it was read, for a person'),
});

/** An instance type has a family and a size; nothing else has a dot. */
export const NewInfrastructurePrice = PriceFields.refine((price) => (price.kind === 'instance') === price.type.includes('.'), {
  path: ['type'],
  error: 'is not a type of this kind',
});
export type NewInfrastructurePrice = z.output<typeof NewInfrastructurePrice>;

function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input', target: 'openapi-3.0' });
  return json;
}

/** Prices are looked at one by one, so that each wrong one is named. */
export const PriceList = z.union([
  z.string().describe(`CSV with the header ${COLUMNS.join(',')}`),
  z.object({ prices: z.array(z.unknown().meta(jsonSchemaOf(NewInfrastructurePrice))) }),
]);
export type PriceList = z.output<typeof PriceList>;

export const ImportResult = z
  .object({
    added: z.int(),
    unchanged: z.int().describe('prices that were known already: the same list again adds nothing'),
  })
  .meta({ id: 'InfrastructurePriceImport' });
export type ImportResult = z.output<typeof ImportResult>;

export const InfrastructurePriceQuery = z.object({
  region: region.optional(),
  kind: kind.optional(),
  type: type.optional(),
  currency: currency.optional(),
  at: z.iso
    .datetime({ offset: true })
    .transform((value) => new Date(value))
    .optional()
    .describe('prices in force at this instant; now when not given'),
  versions: z.enum(['in_force', 'all']).default('in_force').describe('all: every version, those that were and those to come too'),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});
export type InfrastructurePriceQuery = z.output<typeof InfrastructurePriceQuery>;

export const InfrastructurePriceView = z
  .object({
    region: z.string(),
    kind,
    type: z.string(),
    currency: z.string(),
    rate: z.string().describe('major units: for an hour of an instance, for a month of a GiB of a volume or a snapshot'),
    effectiveFrom: z.iso.datetime(),
    source: z.string(),
  })
  .meta({ id: 'InfrastructurePrice' });
export type InfrastructurePriceView = z.output<typeof InfrastructurePriceView>;

export const InfrastructurePriceList = z
  .object({ items: z.array(InfrastructurePriceView) })
  .meta({ id: 'InfrastructurePriceList' });
