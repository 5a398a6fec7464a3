/** What GetEntitlements and RegisterUsage take, after AWS's service models. */
import { z } from 'zod';
import { problemsOf } from '../wire.schema.ts';
import { WireError } from '../wire.errors.ts';

/** An AWS page holds so many; the model names no default, so ours is the most. */
const MOST_RESULTS = 25;
const NONCE_LENGTH = 255;

/** PostgreSQL's text cannot hold a NUL, so nothing that holds one can be found. */
const text = z.string().refine((value) => !value.includes('\0'), 'must not hold a NUL character');
const productCode = text.min(1).max(255);
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);
const values = optional(z.array(text).min(1));

export const EntitlementFilter = z.strictObject({
  CUSTOMER_IDENTIFIER: values,
  CUSTOMER_AWS_ACCOUNT_ID: values,
  LICENSE_ARN: values,
  DIMENSION: values,
});
export type EntitlementFilter = z.output<typeof EntitlementFilter>;

export const GetEntitlementsInput = z.object({
  ProductCode: productCode,
  Filter: EntitlementFilter.nullish()
    .transform((filter) => filter ?? ({} as EntitlementFilter))
    .refine((filter) => !(filter.CUSTOMER_IDENTIFIER && filter.CUSTOMER_AWS_ACCOUNT_ID), {
      error: 'filter by CUSTOMER_IDENTIFIER or by CUSTOMER_AWS_ACCOUNT_ID, not by both',
    }),
  NextToken: optional(text.min(1).max(4096)),
  MaxResults: z
    .int()
    .min(1)
    .max(MOST_RESULTS)
    .nullish()
    .transform((value) => value ?? MOST_RESULTS),
});
export type GetEntitlementsInput = z.output<typeof GetEntitlementsInput>;

export const RegisterUsageInput = z.object({
  ProductCode: productCode,
  PublicKeyVersion: z.int().min(1).max(2_147_483_647),
  Nonce: optional(z.string().max(NONCE_LENGTH)),
});

/** The entitlement service has one name for every wrong member. @throws WireError InvalidParameterException */
export function readGetEntitlements(body: unknown): GetEntitlementsInput {
  const result = GetEntitlementsInput.safeParse(body);
  if (result.success) return result.data;
  throw invalidParameter(problemsOf(result.error));
}

export const invalidParameter = (message: string): WireError => new WireError('InvalidParameterException', message);
