/** Reads a form with brackets, checks it against the table of a route and says what is wrong as Stripe would. */
import qs from 'qs';
import { z } from 'zod';
import { invalid, missing, notImitated, type StripeRefusal } from './errors.ts';
import { UNIMITATED } from './published.gen.ts';

export type Form = Record<string, unknown>;

/** `metadata[a]=b&expand[]=c` as nested objects and arrays of strings. */
export const parseForm = (source: string): Form =>
  qs.parse(source, { depth: 8, arrayLimit: 1000, parameterLimit: 5000, plainObjects: true, duplicates: 'last' }) as Form;

/**
 * @returns a reader that gives the parameters in the types of the table
 * @throws StripeRefusal (the reader) 400 naming the first parameter that is unknown, missing or wrong, in this order; 501 when
 *   one is Stripe's, but not known to the sandbox.
 */
export function formReader<Shape extends z.ZodRawShape>(
  address: string,
  shape: Shape,
): (form: Form) => z.output<z.ZodObject<Shape, z.core.$strict>> {
  const schema = z.strictObject(shape);
  return (form) => {
    const read = schema.safeParse(form);
    if (read.success) return read.data;
    const refusals = read.error.issues.flatMap((issue) => refusalsFor(address, issue, form, issue.path));
    throw refusals.sort((a, b) => rank(a) - rank(b))[0];
  };
}

const RANKED = ['parameter_unknown', 'sandbox_not_implemented', 'parameter_missing'];

function rank(refusal: StripeRefusal): number {
  const place = RANKED.indexOf(refusal.detail.code ?? '');
  return place < 0 ? RANKED.length : place;
}

/** @param path from the form's root; an issue within a choice of shapes knows only its own end of it. */
function refusalsFor(address: string, issue: z.core.$ZodIssue, form: Form, path: PropertyKey[]): StripeRefusal[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknown(address, path, key));
  const param = paramName(path);
  const value = path.reduce<unknown>((inside, key) => (inside as Form | undefined)?.[String(key)], form);
  if (value === undefined) return [missing(param)];
  if (issue.code === 'invalid_union') {
    // Of several shapes that a parameter may have, the one that was meant says what is wrong with it.
    const meant = issue.errors.find((issues) => issues.every((each) => each.code !== 'invalid_type' || each.path.length > 0));
    if (meant) return meant.flatMap((each) => refusalsFor(address, each, form, [...path, ...each.path]));
  }
  return [wrong(issue, param, value)];
}

function wrong(issue: z.core.$ZodIssue, param: string, value: unknown): StripeRefusal {
  if (issue.message.includes('|')) return refusedBy(issue.message, param);
  if (issue.code === 'invalid_type') return invalid(`Invalid ${WORD[issue.expected] ?? issue.expected}`, { param });
  if (issue.code === 'invalid_value') {
    const isFlag = issue.values.join() === 'true,false';
    const sentence = isFlag ? `Invalid boolean: ${String(value)}` : `Invalid ${param}: must be one of ${issue.values.join(', ')}`;
    return invalid(sentence, { param });
  }
  if (issue.message === 'parameter_invalid_empty') {
    return invalid(`An empty string was passed for '${param}', which cannot be unset.`, { code: issue.message, param });
  }
  if (issue.message === 'parameter_invalid_integer') {
    return invalid(`Invalid integer: ${String(value)}`, { code: issue.message, param });
  }
  return invalid(`Invalid ${param}: ${issue.message}`, { param });
}

/** A rule's own words: Stripe's code and a sentence. */
function refusedBy(message: string, param: string): StripeRefusal {
  const [code, sentence] = message.split('|') as [string, string];
  if (code === 'sandbox_not_implemented') return notImitated(`${sentence} of ${param}`, param);
  return invalid(sentence, { ...(code && { code }), param });
}

const WORD: Record<string, string> = { object: 'object', record: 'object', string: 'string', array: 'array' };

function unknown(address: string, path: PropertyKey[], key: string): StripeRefusal {
  const param = paramName([...path, key]);
  const level = path.filter((step) => typeof step === 'string').join('.');
  if (isStripes(`${address} ${level}`.trimEnd(), key)) return notImitated(`the parameter ${param} of ${address}`, param);
  return invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
}

const names = new Map<string, Set<string>>();

/** Whether Stripe takes the parameter, as its SDK publishes it. */
function isStripes(level: string, key: string): boolean {
  const known = names.get(level) ?? new Set((UNIMITATED[level] ?? '').split(' '));
  names.set(level, known);
  return known.has(key);
}

/** `['settings', 'payouts', 'x']` as `settings[payouts][x]`. */
const paramName = ([first, ...rest]: PropertyKey[]): string => String(first) + rest.map((key) => `[${String(key)}]`).join('');
