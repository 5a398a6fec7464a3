/** What the operations take, after AWS's service model: members that nobody knows are ignored, optional ones may be null. */
import { z } from 'zod';
import { MOST_QUANTITY, MOST_RECORDS, type Allocation } from '#domain/usage.ts';
import { invalid } from './wire.errors.ts';

/**
 * Epoch seconds, whole or with a fraction; some SDKs send one, some the other. Rounded at the microsecond, where doubles are no
 * longer exact, and cut at the millisecond: 59:59.9999 must not become the next hour.
 */
const instant = (seconds: number): Date => new Date(Math.floor(Math.round(seconds * 1_000_000) / 1000));

const quantity = z.number().int().min(0).max(MOST_QUANTITY);
const name = z.string().min(1).max(255);
const tag = z.object({ Key: z.string().min(1).max(100), Value: z.string().max(256).nullish() });
const allocations = z.array(z.object({ AllocatedUsageQuantity: quantity, Tags: z.array(tag).nullish() })).nullish();

const NO_ALLOCATIONS: Allocation[] = [];
const partsOf = (parts: z.output<typeof allocations>): Allocation[] =>
  parts
    ? parts.map((part) => ({
        quantity: part.AllocatedUsageQuantity,
        tags: (part.Tags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value ?? '' })),
      }))
    : NO_ALLOCATIONS;

// Both are read thousands of times a second: one transformation of the whole costs a fraction of one for each member.
export const MeterUsageInput = z
  .object({
    ProductCode: name,
    Timestamp: z.number(),
    UsageDimension: name,
    UsageQuantity: quantity.nullish(),
    DryRun: z.boolean().nullish(),
    UsageAllocations: allocations,
    ClientToken: z.string().min(1).max(64).nullish(),
  })
  .transform((given) => ({
    ProductCode: given.ProductCode,
    Timestamp: instant(given.Timestamp),
    UsageDimension: given.UsageDimension,
    UsageQuantity: given.UsageQuantity ?? 0,
    DryRun: given.DryRun ?? false,
    UsageAllocations: partsOf(given.UsageAllocations),
    ClientToken: given.ClientToken ?? undefined,
  }));
export type MeterUsageInput = z.output<typeof MeterUsageInput>;

const UsageRecordInput = z.object({
  Timestamp: z.number(),
  CustomerIdentifier: name.nullish(),
  CustomerAWSAccountId: name.nullish(),
  LicenseArn: z.string().min(1).max(2048).nullish(),
  Dimension: name,
  Quantity: quantity.nullish(),
  UsageAllocations: allocations,
});

export const BatchMeterUsageInput = z
  .object({
    ProductCode: name.nullish(),
    UsageRecords: z.array(UsageRecordInput).max(MOST_RECORDS),
  })
  .transform((given) => ({
    ProductCode: given.ProductCode ?? undefined,
    UsageRecords: given.UsageRecords.map((record) => ({
      Timestamp: instant(record.Timestamp),
      CustomerIdentifier: record.CustomerIdentifier ?? undefined,
      CustomerAWSAccountId: record.CustomerAWSAccountId ?? undefined,
      LicenseArn: record.LicenseArn ?? undefined,
      Dimension: record.Dimension,
      Quantity: record.Quantity ?? 0,
      UsageAllocations: partsOf(record.UsageAllocations),
    })),
  }));
export type BatchMeterUsageInput = z.output<typeof BatchMeterUsageInput>;
export type UsageRecordInput = BatchMeterUsageInput['UsageRecords'][number];

export const ResolveCustomerInput = z.object({ RegistrationToken: z.string().min(1) });

/** @throws WireError ValidationException, naming each member that is wrong. */
export function read<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw invalid(problemsOf(result.error));
}

/** Each member that is wrong, in one sentence. */
export function problemsOf({ issues }: z.ZodError): string {
  const problems = issues.map((issue) => `${issue.path.join('.') || 'the request'}: ${issue.message}`);
  return `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`;
}
