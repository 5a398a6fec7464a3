/** Shapes of usage as a vendor's software reports it in JSON, and of what became of each report. */
import { z } from 'zod';
import { MOST_QUANTITY } from '#domain/usage.ts';

export const MOST_REPORTS = 1000;
const LAST_SECOND = 253_402_300_799;

/** Text that PostgreSQL can keep: neither with the character zero nor with halves of characters. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'must be of whole characters other than zero');
export const name = (most = 255) => text(most).min(1);

/** An instant in ISO 8601 with its offset, or in seconds since 1970. */
export const instant = z.union(
  [
    z.iso.datetime({ offset: true }).transform((value) => new Date(value)),
    z
      .number()
      .min(0)
      .max(LAST_SECOND)
      .transform((seconds) => new Date(Math.floor(Math.round(seconds * 1_000_000) / 1000))),
  ],
  'must be an instant such as 2026-01-05T15:20:00Z, or seconds since 1970',
);

const wholeNumber = z.number().int().min(0).max(MOST_QUANTITY);
export const quantity = z.union(
  [
    wholeNumber,
    z
      .string()
      .regex(/^\d{1,10}$/)
      .transform(Number)
      .pipe(wholeNumber),
  ],
  `must be a whole number from 0 to ${MOST_QUANTITY}`,
);

export const instanceName = z
  .union(
    [z.uuid().toLowerCase(), z.string().regex(/^i-[0-9a-f]{8,17}$/)],
    'must be an EC2 instance id, or the id of a machine here',
  )
  .describe("EC2's id of a machine of the subscription's, or ours");

export const allocations = z
  .array(z.strictObject({ quantity, tags: z.array(z.strictObject({ key: name(100), value: text(256) })).default([]) }))
  .default([])
  .describe('how the quantity divides; the parts add up to it, and each has another set of tags');

/** What every report says, however it comes. */
export const measured = { dimension: name(), quantity, instanceId: instanceName.optional(), allocations };

export const UsageReport = z
  .strictObject({
    subscriptionId: z.uuid().toLowerCase().optional(),
    licenseArn: name(2048).optional(),
    productCode: name().optional(),
    customerIdentifier: name().optional(),
    customerAwsAccountId: z
      .string()
      .regex(/^\d{12}$/, 'must be twelve digits')
      .optional(),
    at: instant.describe('any time in the hour of use'),
    ...measured,
  })
  .refine(
    namesOne,
    'must name the subscription in one way: subscriptionId, licenseArn, or productCode with either customerIdentifier or customerAwsAccountId',
  );
export type UsageReport = z.output<typeof UsageReport>;

function namesOne(report: {
  subscriptionId?: string | undefined;
  licenseArn?: string | undefined;
  productCode?: string | undefined;
  customerIdentifier?: string | undefined;
  customerAwsAccountId?: string | undefined;
}): boolean {
  const { subscriptionId, licenseArn, productCode, customerIdentifier, customerAwsAccountId } = report;
  const customers = [customerIdentifier, customerAwsAccountId].filter((customer) => customer !== undefined).length;
  const ways = [subscriptionId, licenseArn, productCode].filter((way) => way !== undefined).length;
  return ways === 1 && customers === (productCode === undefined ? 0 : 1);
}

/** For the document of an API, where the body is looked at part by part and not as a whole. */
export function jsonSchemaOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, { io: 'input', target: 'openapi-3.0' });
  return json;
}

/** The records are looked at one by one, so that a wrong one keeps no other from being taken. */
export const UsageReports = z
  .object({
    records: z
      .array(z.unknown().meta(jsonSchemaOf(UsageReport)))
      .min(1)
      .max(MOST_REPORTS),
  })
  .meta({ id: 'UsageReports' });
export type UsageReports = z.output<typeof UsageReports>;

export const ReportResult = z
  .object({
    index: z.int().describe('place of the record in the request'),
    status: z
      .enum(['accepted', 'repeated', 'conflict', 'rejected'])
      .describe('conflict: another quantity stands for this hour, and stays; rejected: nothing was recorded'),
    recordId: z.uuid().optional().describe('the record that stands for the hour; also of a conflict'),
    code: z.string().optional().describe('why it is a conflict or was rejected'),
    detail: z.string().optional(),
  })
  .meta({ id: 'UsageReportResult' });
export type ReportResult = z.output<typeof ReportResult>;

export const ReportResults = z.object({ results: z.array(ReportResult) }).meta({ id: 'UsageReportResults' });
export type ReportResults = z.output<typeof ReportResults>;
