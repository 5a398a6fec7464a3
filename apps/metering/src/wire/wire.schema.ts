/** What the operations take, after AWS's service model: members that nobody knows are ignored, optional ones may be null. */
import { z } from 'zod';
import { MOST_QUANTITY, MOST_RECORDS, type Allocation } from '#domain/usage.ts';
import { invalid } from './wire.errors.ts';

/**
 * Epoch seconds, whole or with a fraction; some SDKs send one, some the other. Rounded at the microsecond, where doubles are no
 * longer exact, and cut at the millisecond: 59:59.9999 must not become the next hour.
 */
const timestamp = z.number().transform((seconds) => new Date(Math.floor(Math.round(seconds * 1_000_000) / 1000)));
const quantity = z.number().int().min(0).max(MOST_QUANTITY);
const name = z.string().min(1).max(255);

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

const tag = z.object({ Key: z.string().min(1).max(100), Value: z.string().max(256).nullish() });
const allocations = z
  .array(z.object({ AllocatedUsageQuantity: quantity, Tags: z.array(tag).nullish() }))
  .nullish()
  .transform((parts): Allocation[] =>
    (parts ?? []).map((part) => ({
      quantity: part.AllocatedUsageQuantity,
      tags: (part.Tags ?? []).map(({ Key, Value }) => ({ key: Key, value: Value ?? '' })),
    })),
  );

export const MeterUsageInput = z.object({
  ProductCode: name,
  Timestamp: timestamp,
  UsageDimension: name,
  UsageQuantity: quantity.nullish().transform((value) => value ?? 0),
  DryRun: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  UsageAllocations: allocations,
  ClientToken: optional(z.string().min(1).max(64)),
});
export type MeterUsageInput = z.output<typeof MeterUsageInput>;

const UsageRecordInput = z.object({
  Timestamp: timestamp,
  CustomerIdentifier: optional(name),
  CustomerAWSAccountId: optional(name),
  LicenseArn: optional(z.string().min(1).max(2048)),
  Dimension: name,
  Quantity: quantity.nullish().transform((value) => value ?? 0),
  UsageAllocations: allocations,
});
export type UsageRecordInput = z.output<typeof UsageRecordInput>;

export const BatchMeterUsageInput = z.object({
  ProductCode: optional(name),
  UsageRecords: z.array(UsageRecordInput).max(MOST_RECORDS),
});
export type BatchMeterUsageInput = z.output<typeof BatchMeterUsageInput>;

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
