/** Reads a form with brackets, checks it against the table of a route and says what is wrong as Stripe would. */
import qs from 'qs';
import { z } from 'zod';
import { invalid, type StripeRefusal } from './errors.ts';

export type Form = Record<string, unknown>;

/** `metadata[a]=b&expand[]=c` as nested objects and arrays of strings. */
export const parseForm = (source: string): Form =>
  qs.parse(source, { depth: 8, arrayLimit: 1000, parameterLimit: 5000, plainObjects: true, duplicates: 'last' }) as Form;

/**
 * The parameters in the types of the table.
 * @throws StripeRefusal 400 naming the first parameter that is unknown, missing or wrong, in this order.
 */
export function readForm<Shape extends z.ZodRawShape>(shape: Shape, form: Form): z.output<z.ZodObject<Shape, z.core.$strict>> {
  const read = z.strictObject(shape).safeParse(form);
  if (read.success) return read.data;
  const refusals = read.error.issues.map((issue) => refusalFor(issue, form)).sort((a, b) => rank(a) - rank(b));
  throw refusals[0];
}

const rank = (refusal: StripeRefusal): number =>
  ['parameter_unknown', 'parameter_missing'].indexOf(refusal.detail.code ?? '') + 1 || 3;

function refusalFor(issue: z.core.$ZodIssue, form: Form): StripeRefusal {
  if (issue.code === 'unrecognized_keys') return unknown(issue.keys.map((key) => paramName([...issue.path, key])));
  const param = paramName(issue.path);
  const value = issue.path.reduce<unknown>((inside, key) => (inside as Form | undefined)?.[String(key)], form);
  if (value === undefined) return invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  if (issue.message === 'parameter_invalid_empty') {
    return invalid(`An empty string was passed for '${param}', which cannot be unset.`, { code: issue.message, param });
  }
  if (issue.message === 'parameter_invalid_integer') {
    return invalid(`Invalid integer: ${String(value)}`, { code: issue.message, param });
  }
  const [code, sentence] = issue.message.includes('|') ? issue.message.split('|') : ['', `Invalid ${param}: ${issue.message}`];
  return invalid(sentence!, { ...(code && { code }), param });
}

const unknown = (params: string[]): StripeRefusal =>
  invalid(`Received unknown parameter${params.length > 1 ? 's' : ''}: ${params.join(', ')}`, {
    code: 'parameter_unknown',
    param: params[0],
  });

/** `['settings', 'payouts', 'x']` as `settings[payouts][x]`. */
const paramName = ([first, ...rest]: PropertyKey[]): string => String(first) + rest.map((key) => `[${String(key)}]`).join('');
