/**
 * What an action accepts, as a strict Zod object of wire names. Anything else is refused in EC2's own terms:
 * UnknownParameter, MissingParameter, InvalidParameterValue.
 */
import { z } from 'zod';
import { VendorError } from '../vendor-error.ts';
import type { Parameter, Parameters } from './query.ts';

export const text = z.string();
export const integer = z
  .string()
  .regex(/^-?\d{1,15}$/, 'an integer is expected')
  .transform(Number);
export const flag = z.enum(['true', 'false'], { error: 'true or false is expected' }).transform((value) => value === 'true');

export const tag = z.strictObject({ Key: text, Value: text.default('') });
export type TagInput = z.output<typeof tag>;
export const tagSpecifications = z.array(z.strictObject({ ResourceType: text, Tag: z.array(tag).default([]) })).default([]);
export type TagSpecifications = z.output<typeof tagSpecifications>;

export const filters = z.array(z.strictObject({ Name: text, Value: z.array(text).default([]) })).default([]);
export type FilterInput = z.output<typeof filters>;

/** Idempotency tokens: at most 64 ASCII characters (EC2, "Ensuring idempotency"). */
export const clientToken = text.regex(/^[\u0020-\u007e]{1,64}$/, 'at most 64 ASCII characters are allowed').optional();

/** The members of every paged describe call. */
export const paging = { MaxResults: integer.optional(), NextToken: text.optional() };

export interface Problem {
  kind: 'unknown' | 'missing' | 'invalid';
  parameter: string;
  value?: string;
  reason: string;
}

/** @throws whatever `refuse` makes of the first problem. */
export function readInput<S extends z.ZodType>(
  schema: S,
  parameters: Parameters,
  refuse: (problem: Problem) => Error,
): z.output<S> {
  const result = schema.safeParse(parameters);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (!issue) throw result.error;
  throw refuse(problemOf(issue, parameters));
}

export function refusedByEc2({ kind, parameter, value, reason }: Problem): VendorError {
  if (kind === 'unknown') return new VendorError('UnknownParameter', `The parameter ${parameter} is not recognized`);
  if (kind === 'missing') return new VendorError('MissingParameter', `The request must contain the parameter ${parameter}`);
  return invalidValue(parameter, value ?? '', reason);
}

export const invalidValue = (parameter: string, value: string | number, reason = ''): VendorError =>
  new VendorError('InvalidParameterValue', `Value (${value}) for parameter ${parameter} is invalid. ${reason}`.trim());

function problemOf(issue: z.core.$ZodIssue, parameters: Parameters): Problem {
  if (issue.code === 'unrecognized_keys') {
    return { kind: 'unknown', parameter: wireName([...issue.path, issue.keys[0] ?? '']), reason: issue.message };
  }
  const given = valueAt(parameters, issue.path);
  const parameter = wireName(issue.path);
  if (given === undefined) return { kind: 'missing', parameter, reason: issue.message };
  return { kind: 'invalid', parameter, value: typeof given === 'string' ? given : 'a structure', reason: issue.message };
}

/** The name as it was sent: list positions count from one. */
const wireName = (path: PropertyKey[]): string =>
  path.map((part) => (typeof part === 'number' ? part + 1 : String(part))).join('.');

function valueAt(parameters: Parameters, path: PropertyKey[]): Parameter | undefined {
  let value: Parameter | undefined = parameters;
  for (const part of path) {
    if (typeof value !== 'object') return undefined;
    value = Array.isArray(value) ? value[Number(part)] : value[String(part)];
  }
  return value;
}
